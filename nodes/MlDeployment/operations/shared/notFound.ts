import type { Deployment, Lookup } from '../../../elasticsearch/deployment/state';
import { problem, type FlowResult } from '../../../elasticsearch/flows/failure';
import { failed, success, type Result } from '../../../elasticsearch/transport/failure';

/** The deployment that was looked up, or why there is none under this id. */
export function deploymentOf(id: string, look: Result<Lookup>): FlowResult<Deployment> {
	if (!look.ok) return look;
	const { value } = look;
	if (value.found === 'deployment') return success(value.deployment);
	return failed(problem({ code: 'not_found', id, look: value }));
}
