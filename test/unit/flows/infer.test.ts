import { infer, passing } from '../../../nodes/elasticsearch/flows/infer';
import { findTargets, type Target } from '../../../nodes/elasticsearch/flows/target';
import { Deadline } from '../../../nodes/elasticsearch/transport/clock';
import { failed, success, type Failure } from '../../../nodes/elasticsearch/transport/failure';
import { deployment } from '../builders';
import {
	absent,
	brokenCircuit,
	kindOf,
	lostWith,
	proxySaid,
	redirected,
	refusedWith,
	timedOut,
} from '../failures';
import { ScriptedConnection, times, type Exchange } from './harness/scriptedConnection';
import { lookAt, shows } from './harness/wire';

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

	it('is given up at the deadline where the deployment never wakes, after a last try', async () => {
		const { result, connection } = await inferA(times(6, [ask, WAKING]), { seconds: 20 });
		expect(result).toEqual(failed(WAKING));
		expect(connection.times).toEqual([0, 1_000, 3_000, 7_000, 15_000, 20_000]);
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
		expect(kindOf((await inferA([[ask, answer]])).result)).toBe('not_elasticsearch');
	});

	it('fails where a warning stands in place of a value', async () => {
		const answer = success({ inference_results: [{ warning: 'no tokens' }] });
		expect((await inferA([[ask, answer]])).result).toMatchObject({
			failure: { problem: { code: 'no_value', id: 'a', warning: 'no tokens' } },
		});
	});
});

describe('the deployment that a text is for', () => {
	const look = lookAt('a');

	it('is looked up once for all items', async () => {
		const connection = new ScriptedConnection([[look, shows({ a: {} })]]);
		const targets = findTargets();
		const found = await Promise.all([targets.find(connection, 'a'), targets.find(connection, 'a')]);
		expect(found[0]).toEqual(found[1]);
		expect(await targets.find(connection, 'a')).toMatchObject({
			value: { deployment: { id: 'a' } },
		});
	});

	it('is looked up again where a look failed, and not where the cluster does not know it', async () => {
		const connection = new ScriptedConnection([
			[look, proxySaid(502)],
			[look, absent()],
		]);
		const targets = findTargets();
		expect(kindOf(await targets.find(connection, 'a'))).toBe('not_elasticsearch');
		expect(kindOf(await targets.find(connection, 'a'))).toBe('problem');
		expect(kindOf(await targets.find(connection, 'a'))).toBe('problem');
	});

	it('is the one deployment of a model', async () => {
		const connection = new ScriptedConnection([
			[look, shows({ b: { modelId: 'a' } })],
			[lookAt('b'), shows({ b: { modelId: 'a' } })],
		]);
		expect(await findTargets().find(connection, 'a')).toMatchObject({
			value: { deployment: { id: 'b', modelId: 'a' } },
		});
	});

	it('is not drawn where a model has several', async () => {
		const several = shows({ b: { modelId: 'a' }, c: { modelId: 'a' } });
		const connection = new ScriptedConnection([[look, several]]);
		expect(await findTargets().find(connection, 'a')).toMatchObject({
			failure: { problem: { code: 'not_found', look: { deploymentIds: ['b', 'c'] } } },
		});
	});
});
