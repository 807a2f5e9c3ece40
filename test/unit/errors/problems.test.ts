import { explainProblem } from '../../../nodes/MlDeployment/errors/problems';
import type { DeploymentProblem } from '../../../nodes/elasticsearch/flows/failure';

const NOTHING = { found: 'nothing' as const };
const NOT_DEPLOYED = {
	found: 'not_deployed' as const,
	modelId: 'e5',
	entry: { modelId: 'e5', raw: {} },
};

function others(modelId: string, ...deploymentIds: string[]) {
	return { found: 'other_ids' as const, modelId, deploymentIds };
}

function difference(setting: string, updatable: boolean) {
	return { setting, is: '1', wanted: '4', updatable };
}

describe('a problem', () => {
	it.each<[DeploymentProblem, string | undefined]>([
		[{ code: 'not_found', id: 'x', look: NOTHING }, undefined],
		[{ code: 'not_found', id: 'x', look: NOTHING, mayBeIgnored: true }, undefined],
		[{ code: 'not_found', id: 'e5', look: NOT_DEPLOYED }, undefined],
		[{ code: 'not_found', id: 'e5', look: others('e5', 'a', 'b') }, undefined],
		[{ code: 'not_found', id: 'alias', look: others('e5', 'a') }, undefined],
		[{ code: 'not_found', id: 'alias', look: others('e5') }, undefined],
		[{ code: 'nothing_to_scale', id: 'x', look: NOTHING, byPattern: false }, undefined],
		[{ code: 'nothing_to_scale', id: 'x', look: NOTHING, byPattern: true }, undefined],
		[{ code: 'nothing_to_scale', id: 'e5', look: NOT_DEPLOYED, byPattern: false }, undefined],
		[{ code: 'nothing_to_scale', id: 'e5', look: others('e5', 'a'), byPattern: false }, undefined],
		[{ code: 'all_excluded', pattern: 'a*,b*' }, undefined],
		[{ code: 'failed_before', id: 'x', reason: 'out of memory' }, undefined],
		[{ code: 'failed_before', id: 'x', reason: null }, undefined],
		[{ code: 'failed_to_start', id: 'x', reason: 'out of memory' }, undefined],
		[{ code: 'failed_to_start', id: 'x', reason: null }, undefined],
		[
			{
				code: 'other_settings',
				id: 'x',
				differences: [
					difference('threads_per_allocation', false),
					difference('number_of_allocations', true),
				],
			},
			undefined,
		],
		[
			{ code: 'other_settings', id: 'x', differences: [difference('number_of_allocations', true)] },
			undefined,
		],
		[{ code: 'start_not_shown', id: 'x' }, 'Timed out after [20s]'],
		[{ code: 'start_not_shown', id: 'x' }, undefined],
		[{ code: 'stopped_meanwhile', id: 'x' }, undefined],
		[{ code: 'scaled_to_zero', id: 'x' }, undefined],
		[{ code: 'not_ready', id: 'x', seconds: 300, last: '1 of 2 allocations run' }, undefined],
		[{ code: 'still_stopping', id: 'x', seconds: 300 }, undefined],
		[
			{ code: 'restarted', id: 'x', startTime: Date.UTC(2026, 0, 15), since: 'stop_sent' },
			undefined,
		],
		[{ code: 'restarted', id: 'x', startTime: null, since: 'stopped' }, undefined],
		[{ code: 'restarted_and_gone', id: 'x' }, undefined],
		[{ code: 'stop_unknown', id: 'x', isLate: true }, undefined],
		[{ code: 'stop_unknown', id: 'x', isLate: false }, undefined],
		[{ code: 'cannot_record', id: 'x' }, 'is unauthorized'],
		[{ code: 'cannot_record', id: 'x' }, undefined],
		[{ code: 'owners_unknown' }, undefined],
		[{ code: 'adaptive_endpoint', id: 'x' }, 'cannot be set'],
		[{ code: 'adaptive_kept_on', id: 'x' }, 'cannot be set'],
	])('is told with what to do next: %j, after %j', (problem, said) => {
		expect(explainProblem(problem, said)).toMatchSnapshot();
	});
});
