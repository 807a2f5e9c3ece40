import { eventually } from '../../eventually';
import {
	credentialFor,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stopPattern,
	theEngine,
	writes,
} from '../given';
import { asAsked, RESTORE, stopped, updated } from './outputs';
import { remembered } from './remembered';

const STOPS = (ids: string[]): string[] =>
	ids.map((id) => `POST /_ml/trained_models/${id}/deployment/_stop?allow_no_match=false`);
const IN_PIPELINE =
	"The deployment 'b' was not stopped: an ingest pipeline uses it. Documents through that pipeline would fail until it is started again. If that is wanted, turn on the option 'Force'; else remove it from the pipeline first.";

/** Deployments a to e, of which a pipeline uses these. */
async function givenUsed(...used: string[]) {
	const cluster = await givenCluster();
	for (const id of ['a', 'b', 'c', 'd', 'e']) cluster.addDeployment({ deployment_id: id });
	for (const id of used) cluster.addPipeline({ id: `docs-${id}`, model_id: id });
	return cluster;
}

const refused = (id: string) => ({
	error: `The deployment '${id}' was not stopped: an ingest pipeline uses it`,
	details: {
		deployment_id: id,
		model_id: expect.any(String) as unknown,
		http_status: 409,
		reason: expect.stringContaining(`Cannot stop deployment [${id}]`) as unknown,
		next_step: expect.stringContaining("'Force'") as unknown,
	},
});

describe('a refusal in the middle of a pattern', () => {
	it('does not keep the rest from being stopped, and ends the node when all were tried', async () => {
		const cluster = await givenUsed('b');
		const staticData = {};
		const result = await run(cluster, stopPattern('a,b,c'), { staticData });
		expect(result.status).toBe('error');
		expect(lines(writes(cluster))).toEqual(STOPS(['a', 'b', 'c']));
		expect(seen(result).message).toBe('1 of 3 deployments was not stopped');
		expect(seen(result).description.split('\n')).toEqual([
			IN_PIPELINE,
			expect.stringMatching(/^Elasticsearch said: Cannot stop deployment \[b\]/),
			"Done before this and not undone: stopped 'a', stopped 'c'. The outputs, with restore, are under 'done' in the error data.",
		]);
		expect(result.error).toHaveProperty('context.data', {
			done: [stopped('a'), stopped('c')],
			failed: [refused('b')],
		});
		expect(remembered(staticData)).toEqual(['a', 'c']);
	});

	it('tells of each of several, the first one first', async () => {
		const cluster = await givenUsed('b', 'd');
		const result = await run(cluster, stopPattern('_all'));
		expect(seen(result).message).toBe('2 of 5 deployments were not stopped');
		expect(seen(result).description.split('\n')).toEqual([
			IN_PIPELINE,
			expect.stringMatching(/^Elasticsearch said: /),
			expect.stringMatching(/^The deployment 'd' was not stopped: an ingest pipeline uses it\. /),
			expect.stringMatching(/^Elasticsearch said: /),
			"Done before this and not undone: stopped 'a', stopped 'c', stopped 'e'. The outputs, with restore, are under 'done' in the error data.",
		]);
		expect(result.error).toHaveProperty('context.data', {
			done: [stopped('a'), stopped('c'), stopped('e')],
			failed: [refused('b'), refused('d')],
		});
	});

	it('counts what was left alone among the matches', async () => {
		const cluster = await givenUsed('b');
		const result = await run(cluster, stopPattern('a,b,c,nope', { exclude: 'c' }));
		expect(seen(result).message).toBe('1 of 3 deployments was not stopped');
		expect(lines(writes(cluster))).toEqual(STOPS(['a', 'b']));
	});

	it('is told as it is where nothing else matches', async () => {
		const cluster = await givenUsed('b');
		const result = await run(cluster, stopPattern('b'));
		expect(seen(result).message).toBe(refused('b').error);
		expect(result.error).toHaveProperty('context.data', { done: [], failed: [refused('b')] });
	});

	it('tells of ten at most in the description, and of all in the data', async () => {
		const cluster = await givenCluster();
		for (let at = 10; at < 23; at++) {
			cluster.addDeployment({ deployment_id: `m-${at}`, priority: 'low' });
			cluster.addPipeline({ id: `docs-m-${at}`, model_id: `m-${at}` });
		}
		const result = await run(cluster, stopPattern('m-*'));
		expect(seen(result).message).toBe('13 of 13 deployments were not stopped');
		expect(seen(result).description.split('\n').at(-1)).toBe('2 more failed.');
		expect(result.error).toHaveProperty('context.data.failed.length', 13);
	});

	it('holds for Scale to 0 in its own words', async () => {
		const cluster = await givenUsed('b');
		const fields = { target: 'pattern', pattern: 'a,b,c', numberOfAllocations: 0 };
		const result = await run(cluster, parameters('scale', fields));
		expect(seen(result).message).toBe('1 of 3 deployments was not scaled');
		expect(lines(writes(cluster))).toEqual(STOPS(['a', 'b', 'c']));
	});

	it('holds for Scale to another size', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'a' });
		cluster.addDeployment({ deployment_id: 'b', priority: 'low' });
		cluster.addDeployment({ deployment_id: 'c', number_of_allocations: 2 });
		cluster.addDeployment({ deployment_id: 'd' });
		const fields = { target: 'pattern', pattern: '_all', numberOfAllocations: 2 };
		const result = await run(cluster, parameters('scale', fields));
		expect(seen(result).message).toBe('1 of 4 deployments was not scaled');
		const two = { number_of_allocations: 2, vcpus: 2, vcpus_before: 2 };
		expect(result.error).toHaveProperty('context.data', {
			done: [updated('a', 2), asAsked('c', two), updated('d', 2)],
			failed: [
				expect.objectContaining({
					error: expect.stringContaining("'b' was not changed: a low-priority deployment"),
				}),
			],
		});
	});

	it.each([
		['If Some Fail is Go On', { whenSomeFail: 'goOn' }, {}],
		['the node continues on errors', {}, { onError: 'continueRegularOutput' as const }],
	])('is an item among the others where %s', async (_name, options, other) => {
		const cluster = await givenUsed('b');
		const result = await run(cluster, stopPattern('a,b,c', options), other);
		expect(result.status).toBe('success');
		expect(result.items).toEqual([stopped('a'), refused('b'), stopped('c')]);
	});

	it('goes to the error output where the node has one', async () => {
		const cluster = await givenUsed('b');
		const result = await run(cluster, stopPattern('a,b,c'), { onError: 'continueErrorOutput' });
		expect(result.items).toEqual([stopped('a'), stopped('c')]);
		expect(result.errors).toEqual([refused('b')]);
	});

	it('is tried again by Retry On Fail, and the error counts what earlier tries stopped', async () => {
		const cluster = await givenUsed('b');
		const staticData = {};
		const again = { retryOnFail: true, maxTries: 2, staticData };
		const result = await run(cluster, stopPattern('a,b,c'), again);
		expect(result.tries).toBe(2);
		expect(lines(writes(cluster))).toEqual(STOPS(['a', 'b', 'c', 'b']));
		expect(seen(result).message).toBe('1 of 3 deployments was not stopped');
		expect(result.error).toHaveProperty('context.data', {
			done: [stopped('a'), stopped('c')],
			failed: [refused('b')],
		});
		expect(remembered(staticData)).toEqual(['a', 'c']);
	});

	it('ends the node after the item whose pattern it was in; the next item is not begun', async () => {
		const cluster = await givenUsed('b');
		const items = [{ p: 'a,b' }, { p: 'c' }];
		const result = await run(cluster, stopPattern('={{ $json.p }}'), { items });
		expect(seen(result).message).toBe('1 of 2 deployments was not stopped');
		expect(lines(writes(cluster))).toEqual(STOPS(['a', 'b']));
		expect(result.error).toHaveProperty('context.itemIndex', 0);
	});

	it('lets the next item begin where If Some Fail is Go On', async () => {
		const cluster = await givenUsed('b');
		const items = [{ p: 'a,b' }, { p: 'c' }];
		const given = stopPattern('={{ $json.p }}', { whenSomeFail: 'goOn' });
		const result = await run(cluster, given, { items });
		expect(result.items).toEqual([stopped('a'), refused('b'), stopped('c')]);
		expect(result.outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1].map((item) => ({ item })),
		);
	});
});

describe('a failure that the other matches would meet too', () => {
	const security = (status: number) => ({
		kind: 'status' as const,
		path: /b\/deployment\/_stop$/,
		status,
		body: { error: { type: 'security_exception', reason: 'no', root_cause: [] }, status },
	});

	it.each([
		['a key that expired', security(401), 'Elasticsearch does not accept the API key'],
		['a missing privilege', security(403), "The API key may not stop the deployment 'b'"],
		[
			'a connection that is lost',
			{ kind: 'reset' as const, path: '/b/_stats', times: Infinity },
			expect.any(String),
		],
	])('ends a pattern at once: %s', async (_name, fault, message) => {
		for (const whenSomeFail of ['endAfterAll', 'goOn']) {
			const cluster = await givenUsed();
			cluster.fault(fault);
			const staticData = {};
			const given = stopPattern('a,b,c', { whenSomeFail, retries: 0 });
			const result = await run(cluster, given, { staticData });
			expect(result.status).toBe('error');
			expect(seen(result).message).toEqual(message);
			expect(seen(result).message).not.toContain(' of 3 deployments');
			expect(cluster.deployment('a')).toBeUndefined();
			expect(cluster.deployment('c')?.state).toBe('started');
			expect(result.error).toHaveProperty('context.data.done', [stopped('a')]);
			expect(remembered(staticData)).toEqual(['a']);
			await cluster.close();
		}
	});

	it('lets a node that continues on errors try the rest', async () => {
		const cluster = await givenUsed();
		cluster.fault(security(403));
		const { items } = await run(cluster, stopPattern('a,b,c'), {
			onError: 'continueRegularOutput',
		});
		expect(items).toMatchObject([
			{ deployment_id: 'a', action: 'stop' },
			{ details: { deployment_id: 'b', http_status: 403 } },
			{ deployment_id: 'c', action: 'stop' },
		]);
	});

	it('is a cancel, after which nothing more is begun', async () => {
		const cluster = await givenUsed();
		cluster.fault({ kind: 'hang', path: /b\/deployment\/_stop$/ });
		const { logs, runNode } = theEngine();
		logs.length = 0;
		const going = runNode({
			parameters: stopPattern('a,b,c', { whenSomeFail: 'goOn' }),
			credentials: credentialFor(cluster),
		});
		await eventually(() => writes(cluster).length === 2);
		going.cancel();
		const result = await going.result;
		expect(result.status).toBe('canceled');
		expect(lines(writes(cluster))).toEqual(STOPS(['a', 'b']));
		expect(cluster.deployment('c')?.state).toBe('started');
		// n8n saves nothing of a cancelled run, so its log is the one place that holds the restores.
		expect(logs).toContainEqual(
			expect.stringMatching(
				/^warn ML Deployment: the run was cancelled after it had changed deployments [^]*deployment_id: 'a'/,
			),
		);
	});

	it('is not a stop whose end is unknown: the rest is stopped, and its restore is handed on', async () => {
		const cluster = await givenUsed();
		cluster.fault({
			kind: 'reset',
			path: /b\/deployment\/_stop$/,
			after: true,
			stopsAfterMs: 600_000,
		});
		const staticData = {};
		const result = await run(cluster, stopPattern('a,b,c', { requestTimeout: 1 }), { staticData });
		expect(seen(result).message).toBe('1 of 3 deployments was not stopped for sure');
		expect(result.error).toHaveProperty('context.data', {
			done: [
				stopped('a'),
				expect.objectContaining({
					...{ deployment_id: 'b', action: 'stop', changed: false, reason: 'unknown_outcome' },
					restore: RESTORE,
				}),
				stopped('c'),
			],
			failed: [
				{
					error: expect.stringContaining('is stopping, but not gone yet'),
					details: expect.objectContaining({
						deployment_id: 'b',
						done: expect.objectContaining({ reason: 'unknown_outcome', restore: RESTORE }),
					}),
				},
			],
		});
		expect(remembered(staticData)).toEqual(['a', 'b', 'c']);
	});
});
