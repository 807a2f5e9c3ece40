import type { IDataObject } from 'n8n-workflow';

import { ABSENT, settingsOf } from '../../../elasticsearch/deployment/deployment';
import { checkModel } from '../../../elasticsearch/api/models';
import { failed, success } from '../../../elasticsearch/transport/failure';
import { startRequest } from '../../../elasticsearch/api/deployments';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import type { StartSpec } from '../../../elasticsearch/deployment/startSpec';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { RunContext } from '../../execution/operation';
import { settingsOnceStarted } from './ensureStarted';
import { BREAKS_NOTHING, plan } from '../shared/dryRun';

const STILL_STOPPING = 'It is stopping now: the start would wait until it is gone';

/**
 * What a dry run of Start or Scale shows for a deployment that is absent. It waits for nothing.
 * @param stopping the deployment, if it is still there but stopping
 */
export async function showStart(
	context: RunContext,
	spec: StartSpec,
	stopping?: Deployment,
): Promise<FlowResult<IDataObject>> {
	const possible = await checkModel(context.connection, spec.modelId);
	if (!possible.ok) return possible;
	const refusal = possible.value;
	if (refusal !== undefined) return failed({ kind: 'foreseen', refusal, purpose: 'start' });
	const threads = spec.threadsPerAllocation ?? 1;
	const before = stopping === undefined ? ABSENT : settingsOf(stopping);
	const shown = plan(
		'start',
		startRequest(spec),
		before,
		settingsOnceStarted(spec),
		threads,
		BREAKS_NOTHING,
	);
	if (stopping === undefined) return success(shown);
	const vcpusBefore = before.number_of_allocations * stopping.threadsPerAllocation;
	return success({ ...shown, vcpus_before: vcpusBefore, warnings: [STILL_STOPPING] });
}
