import { beforeLook, givenCluster, run, seen, stop, stopPattern, writes } from '../given';
import { stopped } from '../operations/outputs';
import { restoreWith } from '../restoreText';

const STOP = /_stop$/;

async function givenSearch() {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', start_time: cluster.now() - 3_600_000 });
	return cluster;
}

describe('a stop whose answer is lost', () => {
	it.each([
		['the connection drops', { kind: 'reset' as const }],
		['a proxy answers 504', { kind: 'status' as const, status: 504, body: '<html>504</html>' }],
		['no HTTP comes back', { kind: 'garbage' as const, as: 'bytes' as const }],
		['the answer is packed wrongly', { kind: 'garbage' as const, as: 'gzip' as const }],
	])('is stopped, confirmed by _stats, where it ran although %s', async (_name, fault) => {
		const cluster = await givenSearch();
		cluster.fault({ ...fault, path: STOP, after: true });
		const { items } = await run(cluster, stop('search', { details: true }));
		expect(items).toEqual([
			stopped('search', {
				restore: restoreWith({ deployment_id: 'search' }),
				details: expect.objectContaining({ confirmed_by: 'stats' }),
			}),
		]);
		expect(writes(cluster)).toHaveLength(1);
	});

	it.each([
		['a redirect', { kind: 'redirect' as const, location: 'https://login.example.com/' }],
		["a proxy's 404", { kind: 'html' as const, status: 404 }],
	])(
		'was never handed on where %s answers and it still runs: it is not sent again',
		async (_name, fault) => {
			const cluster = await givenSearch();
			cluster.fault({ ...fault, path: STOP });
			const result = await run(cluster, stop('search'));
			expect(result.status).toBe('error');
			expect(result.error).toMatchObject({
				context: {
					data: {
						done: [
							{ reason: 'unknown_outcome', restore: restoreWith({ deployment_id: 'search' }) },
						],
					},
				},
			});
			expect(writes(cluster)).toHaveLength(1);
			expect(cluster.deployment('search')?.state).toBe('started');
		},
	);

	it('is awaited while it goes on', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', path: STOP, after: true, stopsAfterMs: 1_500 });
		const { items } = await run(cluster, stop('search', { details: true }));
		expect(items[0]).toMatchObject({
			action: 'stop',
			changed: true,
			details: expect.objectContaining({ confirmed_by: 'stats' }),
		});
		expect(writes(cluster)).toHaveLength(1);
	});

	it('is sent once more where it never ran', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', path: STOP });
		const { items } = await run(cluster, stop('search'));
		expect(items[0]).toMatchObject({ action: 'stop', changed: true });
		expect(writes(cluster)).toHaveLength(2);
		expect(cluster.deployment('search')).toBeUndefined();
	});

	it('is never sent again to a deployment that somebody restarted', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', path: STOP, after: true });
		cluster.fault({
			kind: 'effect',
			path: /search\/_stats$/,
			skip: 1,
			effect: () => cluster.addDeployment({ deployment_id: 'search', start_time: cluster.now() }),
		});
		const result = await run(cluster, stop('search'));
		expect(seen(result).message).toContain(
			"The deployment 'search' runs again: somebody started it at ",
		);
		expect(writes(cluster)).toHaveLength(1);
		expect(cluster.deployment('search')?.state).toBe('started');
	});

	it('is unknown, and said so, where the cluster keeps showing it', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', path: STOP, times: Infinity });
		const result = await run(cluster, stop('search', { requestTimeout: 1 }));
		expect(seen(result).message).toBe(
			"Whether the deployment 'search' is stopped is not known: the cluster lost the answer, and still shows it",
		);
		expect(writes(cluster)).toHaveLength(2);
	});

	it('is found out after a time-out', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'hang', path: STOP, after: true, stopsAfterMs: 1_500 });
		const { items } = await run(cluster, stop('search', { requestTimeout: 1, details: true }));
		expect(items[0]).toMatchObject({
			action: 'stop',
			changed: true,
			details: expect.objectContaining({ confirmed_by: 'stats' }),
		});
	});
});

describe('a stop whose end is not known', () => {
	const lostForLong = { kind: 'reset' as const, path: STOP, after: true, stopsAfterMs: 1_500 };

	it('hands on the restore with the failure', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({
			deployment_id: 'custom',
			model_id: 'my_model',
			threads_per_allocation: 8,
		});
		cluster.fault({ ...lostForLong, stopsAfterMs: 60_000 });
		const result = await run(cluster, stop('custom', { requestTimeout: 1 }));
		expect(seen(result).message).toContain('is stopping, but not gone yet');
		const unknown = {
			deployment_id: 'custom',
			action: 'stop',
			changed: false,
			reason: 'unknown_outcome',
			restore: restoreWith({ threads_per_allocation: 8 }),
		};
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [unknown],
					failed: [{ details: { deployment_id: 'custom', model_id: 'my_model', done: unknown } }],
				},
			},
		});
	});

	it.each([
		['by its id', stop('custom', { requestTimeout: 1, details: true })],
		[
			'by a pattern',
			stopPattern('cust*', { requestTimeout: 1, allowNoMatch: false, details: true }),
		],
	])(
		'is found out by the next try of Retry On Fail, with its restore: %s',
		async (_name, given) => {
			const cluster = await givenCluster();
			cluster.addDeployment({
				deployment_id: 'custom',
				model_id: 'my_model',
				threads_per_allocation: 8,
			});
			cluster.fault(lostForLong);
			const result = await run(cluster, given, {
				retryOnFail: true,
				maxTries: 2,
				waitBetweenTries: 1,
			});
			expect(result.items.filter(({ deployment_id }) => deployment_id === 'custom')).toEqual([
				expect.objectContaining({
					action: 'stop',
					changed: true,
					details: expect.objectContaining({ confirmed_by: 'stats' }),
					restore: restoreWith({ threads_per_allocation: 8 }),
				}),
			]);
		},
	);
});

describe('a stop that surely never ran', () => {
	it('is not sent to a deployment that somebody restarted during the pause', async () => {
		const cluster = await givenSearch();
		cluster.fault({
			kind: 'status',
			path: STOP,
			status: 429,
			body: {
				error: { root_cause: [], type: 'circuit_breaking_exception', reason: 'Data too large' },
				status: 429,
			},
		});
		beforeLook(cluster, '/search/_stats', 2, () =>
			cluster.addDeployment({
				deployment_id: 'search',
				threads_per_allocation: 4,
				start_time: cluster.now(),
			}),
		);
		expect(seen(await run(cluster, stop('search'))).message).toContain(
			"The deployment 'search' runs again",
		);
		expect(writes(cluster)).toHaveLength(1);
		expect(cluster.deployment('search')?.state).toBe('started');
	});

	it.each([
		[
			'without a master',
			{
				kind: 'status' as const,
				status: 503,
				body: {
					error: { root_cause: [], type: 'master_not_discovered_exception', reason: null },
					status: 503,
				},
			},
		],
		[
			'behind a circuit breaker',
			{
				kind: 'status' as const,
				status: 429,
				body: {
					error: {
						root_cause: [],
						type: 'circuit_breaking_exception',
						reason: '[parent] Data too large',
					},
					status: 429,
				},
			},
		],
	])('is sent again: %s', async (_name, fault) => {
		const cluster = await givenSearch();
		cluster.fault({ ...fault, path: STOP });
		const { items } = await run(cluster, stop('search', { details: true }));
		expect(items[0]).toMatchObject({ action: 'stop', changed: true });
		expect(items[0].details).not.toHaveProperty('confirmed_by');
		expect(writes(cluster)).toHaveLength(2);
	});
});

describe('nothing comes between the look and the stop', () => {
	it('so that a slow list of endpoints makes no stale restore', async () => {
		const cluster = await givenSearch();
		beforeLook(cluster, '/_inference', 1, () =>
			cluster.addDeployment({
				deployment_id: 'search',
				threads_per_allocation: 4,
				start_time: cluster.now(),
			}),
		);
		const { items } = await run(cluster, stop('search'));
		expect(items[0]).toMatchObject({
			action: 'stop',
			changed: true,
			restore: restoreWith({ threads_per_allocation: 4 }),
		});
	});
});

describe('two stops at the same time', () => {
	it('both tell the truth where the second finds the assignment removed', async () => {
		const cluster = await givenSearch();
		cluster.set({ overlappingStops: 'fail' });
		cluster.fault({ kind: 'latency', path: STOP, ms: 100 });
		const [first, second] = await Promise.all([
			run(cluster, stop('search')),
			run(cluster, stop('search')),
		]);
		for (const { status, items } of [first, second]) {
			expect(status).toBe('success');
			expect(items[0]).toMatchObject({ deployment_id: 'search' });
		}
		expect(cluster.deployment('search')).toBeUndefined();
	});

	it('is not an error where somebody else was quicker', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'effect', path: STOP, effect: () => cluster.removeDeployment('search') });
		const { items } = await run(cluster, stop('search'));
		expect(items[0]).toMatchObject({
			action: 'none',
			changed: false,
			reason: 'not_deployed',
			restore: restoreWith({ deployment_id: 'search' }),
		});
	});
});
