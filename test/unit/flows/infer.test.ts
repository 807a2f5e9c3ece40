import { infer, passing, passingInAWait } from '../../../nodes/elasticsearch/flows/infer';
import type { Target } from '../../../nodes/elasticsearch/flows/target';
import { Deadline } from '../../../nodes/elasticsearch/transport/clock';
import { failed, success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import { deployment } from '../builders';
import {
	absent,
	brokenCircuit,
	canceled,
	kindOf,
	lostWith,
	proxySaid,
	redirected,
	refusedWith,
	timedOut,
} from '../failures';
import { after, ScriptedConnection, times, type Exchange } from './harness/scriptedConnection';

const QUESTION = { text: 'Berlin', inputField: 'text_field', timeoutS: 10 };
const ask = { method: 'POST' as const, path: '/_ml/trained_models/a/_infer' };
const ANSWER = success({ inference_results: [{ predicted_value: 'PLACE' }] });
const WAKING = refusedWith(409, 'Trained model deployment [a] is not allocated to any nodes; …');
const FULL = refusedWith(429, 'inference process queue is full. Unable to execute command');

const targetAt = (numberOfAllocations: number): Target => ({
	deployment: deployment({ id: 'a', numberOfAllocations }),
});

async function inferA(
	exchanges: Exchange[],
	{ target = targetAt(1), seconds = 30, retries = 3, isOver = (): boolean => false } = {},
) {
	const connection = new ScriptedConnection(exchanges);
	const deadline = new Deadline(seconds * 1000);
	const patience = { deadline, retries, isOver };
	return { result: await infer(connection, target, QUESTION, patience), connection, target };
}

describe('an inference', () => {
	it('is one request, whose repetition is up to the flow', async () => {
		const { result, connection } = await inferA([[ask, ANSWER]]);
		expect(result).toEqual(
			success({ result: { predicted_value: 'PLACE' }, tookMs: 0, woke: false }),
		);
		expect(connection.sent[0]).toMatchObject({
			request: {
				purpose: 'infer',
				changes: false,
				query: { timeout: '10s' },
				body: { docs: [{ text_field: 'Berlin' }] },
			},
			settings: { retries: 0 },
		});
	});

	it.each([
		['wakes up', WAKING],
		['has a full queue', FULL],
		[
			'still starts',
			refusedWith(408, 'Timed out after [10s] waiting for trained model deployment [a] to start.'),
		],
		['says 429 in other words', refusedWith(429, 'rejected execution of a task')],
	])('is asked for again while the deployment %s, with longer pauses', async (_what, failure) => {
		const { result, connection } = await inferA([...times(4, [ask, failure]), [ask, ANSWER]], {
			retries: 0,
		});
		expect(result.ok).toBe(true);
		expect(connection.times).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
	});

	it('tells once that it woke what was at zero', async () => {
		const target = targetAt(0);
		const { result } = await inferA(
			[
				[ask, WAKING],
				[ask, ANSWER],
			],
			{ target },
		);
		expect(result).toMatchObject({ value: { woke: true } });
		expect((await inferA([[ask, ANSWER]], { target })).result).toMatchObject({
			value: { woke: false },
		});
	});

	it('woke nothing that was not started when it was looked for', async () => {
		const target: Target = { deployment: { ...targetAt(0).deployment, state: 'starting' } };
		const { result } = await inferA([[ask, ANSWER]], { target });
		expect(result).toMatchObject({ value: { woke: false } });
	});

	it('is given up at the deadline where the deployment never wakes, after a last try', async () => {
		const { result, connection } = await inferA(times(6, [ask, WAKING]), { seconds: 20 });
		expect(result).toEqual(failed(WAKING));
		expect(connection.times).toEqual([0, 1_000, 3_000, 7_000, 15_000, 20_000]);
	});

	it('has its whole time from the first answer that failed', async () => {
		const slow: Exchange = [ask, after(5_000, WAKING)];
		const { connection } = await inferA([slow, ...times(5, [ask, WAKING])], { seconds: 20 });
		expect(connection.times).toEqual([0, 6_000, 8_000, 12_000, 20_000, 25_000]);
	});

	it('took as long as the request that was answered', async () => {
		const { result } = await inferA([
			[ask, WAKING],
			[ask, after(1_234.6, ANSWER)],
		]);
		expect(result).toMatchObject({ value: { tookMs: 1_235 } });
	});

	it('is told in the log where it is asked for again', async () => {
		const { connection } = await inferA([
			[ask, WAKING],
			[ask, ANSWER],
		]);
		expect(connection.lines).toEqual(["'a' gave no answer (status 409), and is asked again"]);
	});

	it('is tried once by each further item where one has waited in vain', async () => {
		const connection = new ScriptedConnection(times(7, [ask, WAKING]));
		const target = targetAt(0);
		const wait = async () =>
			await infer(connection, target, QUESTION, {
				deadline: new Deadline(20_000),
				retries: 3,
				isOver: () => false,
			});
		await wait();
		expect(await wait()).toEqual(failed(WAKING));
		expect(connection.sent).toHaveLength(7);
	});

	it('waits anew where it was answered in between', async () => {
		const { target } = await inferA([
			[ask, WAKING],
			[ask, ANSWER],
		]);
		expect(target.silentSince).toBeUndefined();
	});

	it.each<[string, Failure]>([
		['a reset connection', lostWith('ECONNRESET')],
		["a proxy's 502", proxySaid(502)],
		['a circuit breaker', brokenCircuit()],
		['a time-out of the cluster', refusedWith(408, 'timeout [10s] waiting for inference result')],
		['a time-out as a 429', refusedWith(429, 'Request timed out after [30s]', 'timeout_exception')],
		['a lost task', refusedWith(404, 'Unable to find model deployment task [a] please stop')],
		['a node that left', refusedWith(500, 'Failed node [n]', 'failed_node_exception')],
	])('is sent again as often as asked after %s', async (_what, failure) => {
		const { result, connection } = await inferA(times(3, [ask, failure]), { retries: 2 });
		expect(result).toEqual(failed(failure));
		expect(connection.sent).toHaveLength(3);
		expect(passing(failure)).toBe('perhaps');
	});

	it.each<[string, Failure]>([
		['a wrong field', refusedWith(400, 'Input field [x] does not exist in the source document')],
		['another task', refusedWith(403, 'Trained model [a] is configured for task [ner]')],
		['a missing right', refusedWith(403, 'is unauthorized', 'security_exception')],
		['an unknown id', absent()],
		['a model that is not deployed', refusedWith(409, 'Model [a] must be deployed to use')],
		['one that is stopping', refusedWith(409, 'Trained model [a] is [stopping]')],
		[
			'one that no node can run',
			refusedWith(409, '[a] Error waiting for a model allocation, all nodes have failed with'),
		],
		['a process that died', refusedWith(500, 'Error in inference process: [x]')],
		['a redirect', redirected()],
		['no answer in time', timedOut()],
	])('ends at once for %s', async (_what, failure) => {
		expect((await inferA([[ask, failure]])).result).toEqual(failed(failure));
		expect(passing(failure)).toBe('no');
	});

	it('is not asked for again once the run has ended', async () => {
		const { result } = await inferA([[ask, WAKING]], { isOver: () => true });
		expect(result).toEqual(failed(WAKING));
	});

	it('is not asked for again where the run ended in the pause', async () => {
		const connection = new ScriptedConnection([[ask, WAKING]]);
		const result = await infer(connection, targetAt(0), QUESTION, {
			deadline: new Deadline(20_000),
			retries: 3,
			isOver: () => connection.clock.monotonicMs() > 0,
		});
		expect(result).toEqual(failed(WAKING));
	});

	it('ends with a cancel', async () => {
		const connection = new ScriptedConnection([[ask, WAKING]]);
		connection.cancelAt(500);
		const result = await infer(connection, targetAt(0), QUESTION, {
			deadline: new Deadline(20_000),
			retries: 3,
			isOver: () => false,
		});
		expect(kindOf(result)).toBe('canceled');
	});

	it.each([
		['a login page', success('<html>')],
		['an empty object', success({})],
		['no result', success({ inference_results: [] })],
		['two results', success({ inference_results: [{}, {}] })],
		['a result that is no object', success({ inference_results: ['x'] })],
	])('takes %s for no answer of Elasticsearch', async (_what, answer) => {
		expect((await inferA([[ask, answer]])).result).toEqual(
			failed({ kind: 'not_elasticsearch', status: 200, purpose: 'infer' }),
		);
	});

	it('fails where a warning stands in place of a value', async () => {
		const answer = success({ inference_results: [{ warning: 'no tokens' }] });
		expect((await inferA([[ask, answer]])).result).toMatchObject({
			failure: { problem: { code: 'no_value', id: 'a', warning: 'no tokens' } },
		});
	});
});

describe('a failure in a wait for the first answer', () => {
	it.each<[string, Failure, string]>([
		['a deployment that wakes', WAKING, 'surely'],
		['a wrong field', refusedWith(400, 'Input field [x] does not exist'), 'no'],
		['no answer in time', timedOut(), 'perhaps'],
		['a host name that is not known yet', lostWith('ENOTFOUND'), 'perhaps'],
		["a proxy's 404", proxySaid(404), 'perhaps'],
		["a proxy's 403", proxySaid(403), 'no'],
		['a redirect', redirected(), 'no'],
		['a cancel', canceled(), 'no'],
	])('passes or not: %s', (_what, failure, passes) => {
		expect(passingInAWait(failure)).toBe(passes);
	});
});
