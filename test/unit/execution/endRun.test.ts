import { startedWell } from '../../../nodes/MlDeployment/execution/endRun';
import type { Outcome } from '../../../nodes/MlDeployment/execution/operation';

const unexpected = { kind: 'unexpected' as const, cause: new Error('a slip of ours') };
const started = { json: { deployment_id: 'a', state: 'started' }, did: "started 'a'" };
const stopped = { json: { deployment_id: 'a', state: 'not_deployed' }, did: "stopped 'a'" };

describe('what a run started', () => {
	it.each<[string, Outcome[]]>([
		['an output says that it runs', [started]],
		['an output says that it ran already', [{ json: { ...started.json } }]],
		['it was stopped before that', [stopped, started]],
	])('is forgotten if %s', (_name, results) => {
		expect(startedWell(new Set(['a']), results)).toEqual(['a']);
	});

	it.each<[string, Outcome[]]>([
		['its wait failed', [{ failure: unexpected, subject: { deploymentId: 'a' }, done: started }]],
		['its failure names it only by what was done', [{ failure: unexpected, done: started }]],
		['its failure names nothing', [{ failure: unexpected }]],
		['no outcome tells of it', []],
		['only its stop is told', [stopped, { failure: unexpected }]],
		['it was not waited for', [{ ...started, wait: async (done) => await Promise.resolve(done) }]],
		['a later item failed for it', [started, { failure: unexpected, done: started }]],
	])('stays remembered if %s', (_name, results) => {
		expect(startedWell(new Set(['a']), results)).toEqual([]);
	});
});
