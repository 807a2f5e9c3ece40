import type { EmbeddedCluster, FaultRule } from '../../cluster';
import { eventually, pause } from '../../eventually';
import {
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	theEngine,
	credentialFor,
	writes,
} from '../given';
import { restoreWith } from '../restoreText';
import { absent, leftAlone, RESTORE, stopped } from '../operations/outputs';

const STOP = /_stop$/;
const HOUR = 3_600_000;
const retry = { retryOnFail: true, maxTries: 2 };
/** The connection breaks and the request never ran. */
const lost: FaultRule = { kind: 'reset', path: STOP };
const noMaster: FaultRule = {
	kind: 'status',
	status: 503,
	path: STOP,
	body: {
		error: { root_cause: [], type: 'master_not_discovered_exception', reason: null },
		status: 503,
	},
};
const refusal: FaultRule = {
	kind: 'status',
	status: 409,
	path: STOP,
	body: {
		error: {
			type: 'status_exception',
			reason: 'Cannot stop deployment [b] as it is referenced by ingest processors',
		},
		status: 409,
	},
};

async function givenDeployments(...ids: string[]): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	for (const id of ids) {
		cluster.addDeployment({ deployment_id: id, start_time: cluster.now() - HOUR });
	}
	return cluster;
}

const toZero = (pattern: string, options = {}) =>
	parameters('scale', { target: 'pattern', pattern, numberOfAllocations: 0, options });

describe('a further try of Retry On Fail', () => {
	it('is as strict about a part that matches nothing as the first one', async () => {
		const cluster = await givenDeployments('batch-a', 'batch-b');
		const result = await run(
			cluster,
			stopPattern('batch-a,bacth-b', { allowNoMatch: false }),
			retry,
		);
		expect(result.status).toBe('error');
		expect(seen(result).message).toContain("No deployment matches 'bacth-b'");
		expect(writes(cluster)).toEqual([]);
	});

	it('lets a part match nothing that names what an earlier try stopped', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.fault({ ...refusal, path: /b\/deployment\/_stop$/ });
		const result = await run(cluster, stopPattern('a,b', { allowNoMatch: false }), retry);
		expect(result.status).toBe('success');
		expect(result.items).toMatchObject([
			{
				deployment_id: 'a',
				action: 'stop',
				changed: true,
				restore: restoreWith({ deployment_id: 'a' }),
			},
			{
				deployment_id: 'b',
				action: 'stop',
				changed: true,
				restore: restoreWith({ deployment_id: 'b' }),
			},
		]);
	});

	it('keeps what was stopped beside an item with a bad field, where the node continues', async () => {
		const cluster = await givenDeployments('a');
		const result = await run(cluster, stop('={{ $json.id }}'), {
			items: [{ id: '' }, { id: 'a' }],
			onError: 'continueRegularOutput',
			...retry,
		});
		expect(result.tries).toBe(2);
		expect(result.items).toMatchObject([
			{ error: expect.any(String) },
			{
				deployment_id: 'a',
				action: 'stop',
				changed: true,
				restore: restoreWith({ deployment_id: 'a' }),
			},
		]);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('keeps the restore of a stop with unknown end where it fails for another reason', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault({ kind: 'reset', path: STOP, after: true, stopsAfterMs: 60_000 });
		cluster.fault({ kind: 'html', status: 503, path: '_stats', skip: 1, times: Infinity });
		const result = await run(cluster, stop('search', { requestTimeout: 1, retries: 0 }), retry);
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [{ reason: 'unknown_outcome', restore: restoreWith({ deployment_id: 'search' }) }],
				},
			},
		});
		expect(seen(result).description).toContain("Perhaps stopped: 'search'");
	});

	it.each([
		['by id', stop('search', { requestTimeout: 1, onlyIfIdleMinutes: 30, details: true })],
		[
			'by a pattern',
			stopPattern('search', { requestTimeout: 1, onlyIfIdleMinutes: 30, details: true }),
		],
		['by Scale to 0', toZero('sea*', { requestTimeout: 1, onlyIfIdleMinutes: 30, details: true })],
	])('does not take its own draining stop for one that is not idle: %s', async (_name, given) => {
		const cluster = await givenDeployments('search');
		cluster.fault({ kind: 'reset', path: STOP, after: true, stopsAfterMs: 1_500 });
		cluster.fault({
			kind: 'effect',
			path: 'search/_stats',
			skip: 1,
			effect: () => cluster.changeDeployment('search', { pending_requests: 3 }),
		});
		const result = await run(cluster, given, { ...retry, maxTries: 4, waitBetweenTries: 1 });
		expect(result.status).toBe('success');
		expect(result.items).toEqual([
			stopped('search', {
				restore: restoreWith({ deployment_id: 'search' }),
				details: expect.objectContaining({ confirmed_by: 'stats' }),
			}),
		]);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('is not stopped again by a restart that the first one saw', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault({ kind: 'reset', path: STOP, after: true });
		cluster.fault({
			kind: 'effect',
			path: 'search/_stats',
			skip: 1,
			effect: () => cluster.addDeployment({ deployment_id: 'search', start_time: cluster.now() }),
		});
		const result = await run(cluster, stop('search'), retry);
		expect(result.tries).toBe(2);
		expect(seen(result).message).toContain("The deployment 'search' runs again");
		expect(writes(cluster)).toHaveLength(1);
		expect(cluster.deployment('search')?.state).toBe('started');
		expect(result.error).toMatchObject({
			context: { data: { done: [{ restore: restoreWith({ deployment_id: 'search' }) }] } },
		});
	});

	it.each([
		['Stop', stopPattern('a,b'), { action: 'stop', changed: true }],
		['Scale to 0', toZero('a,b'), { action: 'stop', changed: true }],
	])(
		'does not stop a second time what somebody restarted in between: %s',
		async (_name, given, done) => {
			const cluster = await givenDeployments('a', 'b');
			cluster.fault({ ...refusal, path: /b\/deployment\/_stop$/ });
			cluster.fault({
				kind: 'effect',
				path: /trained_models\/_stats$/,
				skip: 1,
				effect: () => cluster.addDeployment({ deployment_id: 'a', start_time: cluster.now() }),
			});
			const result = await run(cluster, given, retry);
			expect(result.status).toBe('success');
			expect(result.items).toEqual([
				expect.objectContaining({
					deployment_id: 'a',
					...done,
					restore: restoreWith({ deployment_id: 'a' }),
					warnings: [expect.stringContaining('not stopped a second time')],
				}),
				expect.objectContaining({ deployment_id: 'b', ...done }),
			]);
			expect(cluster.deployment('a')?.state).toBe('started');
		},
	);

	it('tells what an earlier try did where it cannot even read its fields', async () => {
		const cluster = await givenDeployments('a', 'b');
		// A field whose value differs from try to try, e.g. by the time.
		const later = Date.now() + HOUR;
		const effect = () => void jest.spyOn(Date, 'now').mockReturnValue(later);
		cluster.fault({ kind: 'effect', path: /b\/deployment\/_stop$/, effect });
		cluster.fault({ ...refusal, path: /b\/deployment\/_stop$/ });
		const given = stop(`={{ Date.now() < ${later} ? $json.id : '' }}`);
		const result = await run(cluster, given, { items: [{ id: 'a' }, { id: 'b' }], ...retry });
		jest.restoreAllMocks();
		expect(seen(result).message).toContain('deployment id is empty');
		expect(seen(result).description).toContain("stopped 'a'");
		expect(result.error).toMatchObject({
			context: {
				data: { done: [{ deployment_id: 'a', restore: restoreWith({ deployment_id: 'a' }) }] },
			},
		});
	});
});

describe('what the workflow remembers, with Retry On Fail', () => {
	it('is what all tries stopped, and a start brings all of it back', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.fault({ ...refusal, path: /b\/deployment\/_stop$/ });
		const staticData = {};
		const result = await run(cluster, stopPattern('a,b'), { ...retry, staticData });
		expect(result.tries).toBe(2);
		expect(result.items).toEqual([
			stopped('a', { restore: restoreWith({ deployment_id: 'a' }) }),
			stopped('b', { restore: restoreWith({ deployment_id: 'b' }) }),
		]);
		expect(staticData).toMatchObject({
			global: { mlDeployments: { stopped: result.items.map(({ restore }) => restore) } },
		});
		const recall = parameters('start', { startFrom: 'remembered' });
		const { items } = await run(cluster, recall, { staticData });
		expect(items).toMatchObject([
			{ deployment_id: 'a', action: 'start' },
			{ deployment_id: 'b', action: 'start' },
		]);
	});

	it('holds a stop whose end is not known, and not what was refused', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.fault({ ...refusal, path: /a\/deployment\/_stop$/, times: Infinity });
		cluster.fault({
			kind: 'reset',
			path: /b\/deployment\/_stop$/,
			after: true,
			stopsAfterMs: 60_000,
		});
		const staticData = {};
		const given = stopPattern('a,b', { requestTimeout: 1 });
		const result = await run(cluster, given, { ...retry, staticData });
		expect(result.status).toBe('error');
		expect(staticData).toMatchObject({
			global: { mlDeployments: { stopped: [restoreWith({ deployment_id: 'b' })] } },
		});
	});
});

describe('scale to 0 of a pattern, in a further try', () => {
	it('gets past the part that the first one stopped', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.fault({ ...refusal, path: /b\/deployment\/_stop$/ });
		const result = await run(cluster, toZero('a,b'), retry);
		expect(result.status).toBe('success');
		expect(result.items).toMatchObject([
			{
				deployment_id: 'a',
				action: 'stop',
				changed: true,
				restore: restoreWith({ deployment_id: 'a' }),
			},
			{
				deployment_id: 'b',
				action: 'stop',
				changed: true,
				restore: restoreWith({ deployment_id: 'b' }),
			},
		]);
	});

	it('finds out the end of a single match, in its own words', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'custom',
			model_id: 'my_model',
			number_of_allocations: 3,
		});
		cluster.fault({ kind: 'reset', path: STOP, after: true, stopsAfterMs: 1_500 });
		const result = await run(cluster, toZero('cust*', { requestTimeout: 1, details: true }), {
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		});
		expect(result.items).toEqual([
			stopped('custom', {
				vcpus_before: 3,
				restore: restoreWith({ number_of_allocations: 3 }),
				details: {
					model_id: 'my_model',
					before: {
						state: 'started',
						number_of_allocations: 3,
						threads_per_allocation: 1,
						adaptive_allocations: null,
					},
					after: {
						state: 'not_deployed',
						number_of_allocations: 0,
						threads_per_allocation: null,
						adaptive_allocations: null,
					},
					confirmed_by: 'stats',
				},
			}),
		]);
	});

	it('hands on a restore in its own words where the end stays unknown', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault({ kind: 'reset', path: STOP, after: true, stopsAfterMs: 60_000 });
		const result = await run(cluster, toZero('search', { requestTimeout: 1 }), retry);
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [
						{
							deployment_id: 'search',
							action: 'stop',
							changed: false,
							reason: 'unknown_outcome',
							state: null,
							number_of_allocations: null,
							vcpus: null,
							vcpus_before: 1,
							restore: restoreWith({ deployment_id: 'search' }),
							dry_run: false,
						},
					],
				},
			},
		});
	});
});

describe('overlapping patterns', () => {
	it('tell of a stop whose end was found out once', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.fault({
			kind: 'reset',
			path: /a\/deployment\/_stop$/,
			after: true,
			stopsAfterMs: 2_500,
		});
		const result = await run(cluster, stopPattern('={{ $json.p }}', { requestTimeout: 1 }), {
			items: [{ p: 'a*' }, { p: '*' }],
			onError: 'continueRegularOutput',
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		});
		const stops = result.items.filter(({ action }) => action === 'stop');
		expect(stops.map(({ restore }) => restore)).toEqual([
			restoreWith({ deployment_id: 'a' }),
			restoreWith({ deployment_id: 'b' }),
		]);
	});
});

describe('the second `_stop` after a lost one', () => {
	const elastic401 = {
		error: { root_cause: [], type: 'security_exception', reason: 'unable to authenticate' },
		status: 401,
	};
	it.each<[string, FaultRule]>([
		['401', { kind: 'status', status: 401, body: elastic401 }],
		["a proxy's 404", { kind: 'html', status: 404 }],
		['no master', noMaster],
	])('does not settle the first by %s: the restore is handed on', async (_name, second) => {
		const cluster = await givenDeployments('search');
		cluster.fault(lost);
		cluster.fault({ ...second, path: STOP, times: Infinity });
		const result = await run(cluster, stop('search', { requestTimeout: 1 }));
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [{ reason: 'unknown_outcome', restore: restoreWith({ deployment_id: 'search' }) }],
				},
			},
		});
		expect(writes(cluster)).toHaveLength(2);
	});

	it('settles the first where Elasticsearch itself refuses', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault(lost);
		cluster.fault(refusal);
		const result = await run(cluster, stop('search', { requestTimeout: 2 }));
		expect(result.error).toMatchObject({
			context: { data: { done: [], failed: [{ details: { http_status: 409 } }] } },
		});
	});

	it('leaves the first unknown where the execution is stopped meanwhile', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault(lost);
		const running = theEngine().runNode({
			parameters: stop('search'),
			credentials: credentialFor(cluster),
		});
		cluster.fault({ kind: 'effect', path: STOP, effect: () => running.cancel() });
		const result = await running.result;
		expect(result.status).toBe('canceled');
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [{ reason: 'unknown_outcome', restore: restoreWith({ deployment_id: 'search' }) }],
				},
			},
		});
	});

	it('records the deployment as it was right before it', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault(lost);
		cluster.fault({
			kind: 'effect',
			path: 'search/_stats',
			skip: 1,
			effect: () => cluster.changeDeployment('search', { number_of_allocations: 8 }),
		});
		const { items } = await run(cluster, stop('search'));
		expect(items).toMatchObject([
			{
				action: 'stop',
				changed: true,
				restore: restoreWith({ number_of_allocations: 8, observed_allocations: 8 }),
			},
		]);
	});
});

describe('the guards', () => {
	const busy = (cluster: EmbeddedCluster): FaultRule => ({
		kind: 'effect',
		path: 'search/_stats',
		skip: 1,
		effect: () => cluster.changeDeployment('search', { last_access: cluster.now() }),
	});

	it('are looked at again before a stop that never ran is sent again', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault(noMaster);
		cluster.fault(busy(cluster));
		const { items } = await run(cluster, stop('search', { onlyIfIdleMinutes: 30 }));
		expect(items).toEqual([leftAlone('search', 'not_idle')]);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('are looked at again after a lost answer, and the restore stays at hand', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault(lost);
		cluster.fault(busy(cluster));
		const { items } = await run(cluster, stop('search', { onlyIfIdleMinutes: 30 }));
		expect(items).toMatchObject([
			{
				action: 'none',
				changed: false,
				reason: 'not_idle',
				restore: restoreWith({ deployment_id: 'search' }),
				warnings: [expect.stringContaining('its answer got lost')],
			},
		]);
		expect(writes(cluster)).toHaveLength(1);
	});
});

describe('a restart', () => {
	it("is seen by an earlier start time too, since another master's clock may be behind", async () => {
		const cluster = await givenDeployments('search');
		cluster.fault({ kind: 'reset', path: STOP, after: true });
		cluster.fault({
			kind: 'effect',
			path: 'search/_stats',
			skip: 1,
			effect: () =>
				cluster.addDeployment({ deployment_id: 'search', start_time: cluster.now() - 2 * HOUR }),
		});
		const result = await run(cluster, stop('search'));
		expect(seen(result).message).toContain("The deployment 'search' runs again");
		expect(writes(cluster)).toHaveLength(1);
		expect(cluster.deployment('search')?.state).toBe('started');
	});
});

describe('a pattern in the way of Elasticsearch index names', () => {
	it.each([
		['Stop', stopPattern('elser-*,-elser-prod')],
		['Scale', toZero('elser-*,-elser-prod')],
	])('is refused by %s, which names Exclude', async (_name, given) => {
		const cluster = await givenDeployments('elser-a', 'elser-prod');
		const result = await run(cluster, given);
		expect(seen(result).message).toContain("'-elser-prod' starts with a minus");
		expect(seen(result).description).toContain("'Exclude'");
		expect(cluster.requests).toEqual([]);
	});

	it("is refused where Exclude is a model's id whose deployments have others", async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', model_id: 'my_model' });
		const result = await run(cluster, stopPattern('*', { exclude: 'my_model' }));
		expect(seen(result).description).toContain("'search'");
		expect(writes(cluster)).toEqual([]);
	});
});

describe('the same deployment in two items', () => {
	it('is stopped once, and the second item says what the first did', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'custom', model_id: 'my_model' });
		const result = await run(cluster, stop('custom'), { items: [{}, {}] });
		expect(result.status).toBe('success');
		expect(result.items).toEqual([
			stopped('custom'),
			absent('custom', 'not_deployed', {
				restore: RESTORE,
				warnings: ['Item 0 of this run was about the same deployment, which is stopped by now'],
			}),
		]);
	});

	it('is told in the words of Scale too', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'custom', model_id: 'my_model' });
		const given = parameters('scale', { deploymentId: byId('custom'), numberOfAllocations: 0 });
		const result = await run(cluster, given, { items: [{}, {}] });
		expect(result.items).toMatchObject([
			{ action: 'stop', changed: true },
			{ action: 'none', changed: false, reason: 'not_deployed' },
		]);
	});

	it('by patterns gives the second one an item of its own', async () => {
		const cluster = await givenDeployments('a');
		const result = await run(cluster, stopPattern('a*', { allowNoMatch: false }), {
			items: [{}, {}],
		});
		expect(result.status).toBe('success');
		expect(result.outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
		expect(result.items[1]).toMatchObject({
			action: 'none',
			changed: false,
			reason: 'not_deployed',
		});
	});

	it('may be stopped, started and stopped again by one Scale', async () => {
		const cluster = await givenDeployments('search');
		const given = parameters('scale', {
			deploymentId: byId('search'),
			numberOfAllocations: '={{ $json.n }}',
			ifNotRunning: 'startModel',
		});
		const result = await run(cluster, given, { items: [{ n: 0 }, { n: 2 }, { n: 0 }] });
		expect(result.items).toMatchObject([
			{ action: 'stop', changed: true, restore: restoreWith({ number_of_allocations: 1 }) },
			{ action: 'start', changed: true },
			{ action: 'stop', changed: true, restore: restoreWith({ number_of_allocations: 2 }) },
		]);
		expect(cluster.deployment('search')).toBeUndefined();
	});
});

describe('the list of inference endpoints', () => {
	it('is asked for once where it only decorates, whatever its Retry-After', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault({
			kind: 'status',
			status: 503,
			body: 'busy',
			headers: { 'retry-after': '30' },
			path: '/_inference',
			times: Infinity,
		});
		const { items } = await run(cluster, stop('search'));
		expect(items).toMatchObject([{ action: 'stop', changed: true }]);
		expect(lines(cluster.requests).filter((line) => line.includes('_inference'))).toHaveLength(1);
	});

	it('is asked for again where it decides what a pattern with Force leaves alone', async () => {
		const cluster = await givenDeployments('search');
		cluster.fault({ kind: 'html', status: 503, path: '/_inference', times: 2 });
		const { items } = await run(cluster, stopPattern('search', { force: true }));
		expect(items).toMatchObject([{ action: 'stop', changed: true }]);
	});
});

describe('a start whose follow-up is due when another item failed', () => {
	it('is brought to its end, and told with what was done', async () => {
		const cluster = await givenCluster({ version: 'serverless' });
		cluster.addModel({ model_id: 'search' });
		// The first item fails while `_start` is under way.
		const isAnswered = (): boolean =>
			cluster.requests.some(({ path, status }) => path.endsWith('/wrong/_stats') && status === 404);
		cluster.fault({
			kind: 'effect',
			path: 'wrong/_stats',
			effect: async () => await eventually(() => writes(cluster).length > 0),
		});
		cluster.fault({
			kind: 'effect',
			path: '_start',
			effect: async () => {
				await eventually(isAnswered);
				await pause(300);
			},
		});
		const given = parameters('scale', {
			deploymentId: byId('={{ $json.id }}'),
			numberOfAllocations: 2,
			ifNotRunning: '={{ $json.id === "search" ? "startModel" : "error" }}',
			modelId: byId(''),
			options: { whenAdaptive: 'setBounds' },
		});
		const result = await run(cluster, given, { items: [{ id: 'wrong' }, { id: 'search' }] });
		expect(seen(result).message).toContain("'wrong'");
		expect(seen(result).description).toContain("started 'search'");
		expect(result.error).toMatchObject({
			context: { data: { done: [{ deployment_id: 'search', action: 'start', changed: true }] } },
		});
		expect(lines(writes(cluster))).toEqual([
			expect.stringContaining('/_start'),
			expect.stringContaining('/_update'),
			expect.stringContaining('/_update'),
		]);
	});
});
