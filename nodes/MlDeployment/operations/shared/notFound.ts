import type { Deployment, Lookup } from '../../../elasticsearch/deployment/state';
import { problem, type FlowResult } from '../../../elasticsearch/flows/failure';
import { failed, success, type Result } from '../../../elasticsearch/transport/failure';

/** The deployment that a lookup found, or the failure if none has this id. */
export function deploymentOf(id: string, look: Result<Lookup>): FlowResult<Deployment> {
	if (!look.ok) return look;
	const { value } = look;
	if (value.found === 'deployment') return success(value.deployment);
	return failed(problem({ code: 'not_found', id, look: value }));
}
