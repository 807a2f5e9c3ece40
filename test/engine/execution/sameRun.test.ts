import type { IDataObject } from 'n8n-workflow';

import {
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	settingsOf,
	stop,
	writes,
} from '../given';
import { memoryIn, remembered } from '../operations/remembered';
import { restoreIn } from '../operations/outputs';

const MODEL = { deployment_id: 'search', model_id: 'my_model' };
const NOW = { number_of_allocations: 3, threads_per_allocation: 4, queue_capacity: 777 };

const sizes = (fields: IDataObject = {}) =>
	parameters('scale', {
		deploymentId: byId('search'),
		numberOfAllocations: '={{ $json.n }}',
		ifNotRunning: 'startRemembered',
		...fields,
	});

/** The deployment runs; an older run remembers to have stopped it as it was before, if any. */
async function givenSearch(older?: IDataObject) {
	const cluster = await givenCluster();
	const staticData: IDataObject = {};
	if (older !== undefined) {
		cluster.addDeployment({ ...MODEL, ...older });
		await run(cluster, stop('search'), { staticData });
	}
	cluster.addDeployment({ ...MODEL, ...NOW });
	cluster.resetLog();
	return { cluster, staticData };
}

describe.each<[string, IDataObject | undefined]>([
	['remembers nothing older', undefined],
	['remembers an older stop with other settings', { threads_per_allocation: 1 }],
])('what a run stopped, where the workflow %s,', (_what, older) => {
	it('comes back as it was in a later item of the same run', async () => {
		const { cluster, staticData } = await givenSearch(older);
		const before = settingsOf(cluster.deployment('search'));
		const result = await run(cluster, sizes(), { items: [{ n: 0 }, { n: 3 }], staticData });
		expect(result.items).toMatchObject([{ action: 'stop' }, { action: 'start', vcpus: 12 }]);
		expect(settingsOf(cluster.deployment('search'))).toEqual(before);
		expect(remembered(staticData)).toEqual([]);
	});

	it('is started from its last stop, if there were two', async () => {
		const { cluster, staticData } = await givenSearch(older);
		const sizeRule = '={{ $json.rule ?? "exactly" }}';
		const items = [{ n: 0 }, { n: 2 }, { n: 0 }, { n: 1, rule: 'atLeast' }];
		const result = await run(cluster, sizes({ sizeRule }), { items, staticData });
		const actions = ['stop', 'start', 'stop', 'start'];
		expect(result.items).toMatchObject(actions.map((action) => ({ action })));
		expect(cluster.deployment('search')).toMatchObject({ ...NOW, number_of_allocations: 2 });
		expect(remembered(staticData)).toEqual([]);
	});

	it('is started by a later pattern that means it', async () => {
		const { cluster, staticData } = await givenSearch(older);
		const pattern = { target: 'pattern', pattern: 'sea*' };
		const result = await run(cluster, sizes(pattern), { items: [{ n: 0 }, { n: 3 }], staticData });
		expect(result.items).toMatchObject([{ action: 'stop' }, { action: 'start' }]);
		expect(cluster.deployment('search')).toMatchObject(NOW);
		expect(remembered(staticData)).toEqual([]);
	});

	it('is what a later dry run shows, and stays remembered', async () => {
		const { cluster, staticData } = await givenSearch(older);
		const items = [{ n: 0 }, { n: 3 }];
		const result = await run(cluster, sizes({ dryRun: '={{ $json.n === 3 }}' }), {
			items,
			staticData,
		});
		expect(result.items).toMatchObject([
			{ action: 'stop' },
			{ action: 'start', dry_run: true, vcpus: 12, vcpus_before: 0 },
		]);
		expect(memoryIn(staticData)?.stopped.map((restore) => restoreIn({ restore }))).toMatchObject([
			NOW,
		]);
	});

	it('is in the output of an item that starts nothing', async () => {
		const { cluster, staticData } = await givenSearch(older);
		const sizeRule = '={{ $json.n === 0 ? "exactly" : "atMost" }}';
		const items = [{ n: 0 }, { n: 3 }];
		const result = await run(cluster, sizes({ sizeRule }), { items, staticData });
		expect(result.items[1]).toMatchObject({ action: 'none', reason: 'not_deployed' });
		expect(restoreIn(result.items[1])).toMatchObject(NOW);
	});

	it('comes back as it was in a further try too', async () => {
		const { cluster, staticData } = await givenSearch(older);
		const reason =
			'Could not start deployment because no ML nodes with sufficient capacity were found';
		const body = { error: { root_cause: [], type: 'status_exception', reason }, status: 429 };
		cluster.fault({ kind: 'status', status: 429, body, path: '_start' });
		const tries = { retryOnFail: true, maxTries: 2 };
		const result = await run(cluster, sizes(), {
			items: [{ n: 0 }, { n: 3 }],
			staticData,
			...tries,
		});
		expect(result.tries).toBe(2);
		expect(result.items).toMatchObject([{ action: 'stop' }, { action: 'start' }]);
		expect(cluster.deployment('search')).toMatchObject(NOW);
		expect(remembered(staticData)).toEqual([]);
	});

	it('stays remembered as it was, if its start in the same run does not end well', async () => {
		const { cluster, staticData } = await givenSearch(older);
		// Looks: for the stop, for the start, in its turn, and then while it is waited for.
		cluster.fault({
			kind: 'effect',
			path: '_stats',
			skip: 3,
			effect: () => cluster.changeDeployment('search', { state: 'failed', reason: 'no memory' }),
		});
		const result = await run(cluster, sizes({ options: { waitFor: 'started', waitTimeout: 1 } }), {
			items: [{ n: 0 }, { n: 3 }],
			staticData,
			onError: 'continueRegularOutput',
		});
		expect(result.items).toMatchObject([{ action: 'stop' }, { error: expect.any(String) }]);
		expect(lines(writes(cluster))).toHaveLength(2);
		const texts = memoryIn(staticData)?.stopped ?? [];
		expect(texts.map((restore) => restoreIn({ restore }))).toMatchObject([NOW]);
	});

	it('comes back as it was though the answer to its stop was lost', async () => {
		const { cluster, staticData } = await givenSearch(older);
		cluster.fault({ kind: 'reset', path: /_stop$/, after: true, stopsAfterMs: 2_000 });
		const result = await run(cluster, sizes({ options: { retries: 0, requestTimeout: 1 } }), {
			items: [{ n: 0 }, { n: 3 }],
			staticData,
			onError: 'continueRegularOutput',
		});
		expect(result.items).toMatchObject([{ error: expect.any(String) }, { action: 'start' }]);
		expect(cluster.deployment('search')).toMatchObject(NOW);
	});
});

describe('a stop that surely never ran', () => {
	it('does not stand for what an older run stopped', async () => {
		const { cluster, staticData } = await givenSearch({ threads_per_allocation: 2 });
		const reason = 'Cannot stop deployment [search] as it is referenced by ingest processors';
		const body = { error: { root_cause: [], type: 'status_exception', reason }, status: 409 };
		cluster.fault({ kind: 'status', status: 409, body, path: /_stop$/ });
		cluster.fault({
			kind: 'effect',
			path: '_stats',
			skip: 1,
			effect: () => cluster.removeDeployment('search'),
		});
		const result = await run(cluster, sizes(), {
			items: [{ n: 0 }, { n: 3 }],
			staticData,
			onError: 'continueRegularOutput',
		});
		expect(result.items).toMatchObject([
			{ error: expect.any(String) },
			{ action: 'start', vcpus: 6 },
		]);
		expect(seen(result).message).toBe('');
		expect(writes(cluster)).toHaveLength(2);
	});
});

describe('an item that failed, once a later item has stopped its deployment,', () => {
	/** The first update fails, and its answer is lost in the cluster or on the way. */
	async function givenFailing() {
		const { cluster, staticData } = await givenSearch();
		cluster.fault({ kind: 'reset', path: '_update', after: true });
		return { cluster, staticData };
	}
	const tries = { onError: 'continueRegularOutput', retryOnFail: true, maxTries: 2 } as const;
	const kept = (staticData: IDataObject) =>
		memoryIn(staticData)?.stopped.map((restore) => restoreIn({ restore }));

	it.each<[string, IDataObject]>([
		['its model', { ifNotRunning: 'startModel', modelId: byId('my_model') }],
		[
			'a restore',
			{
				ifNotRunning: 'startFromRestore',
				restore: JSON.stringify({ schema: 1, ...MODEL, number_of_allocations: 1 }),
			},
		],
	])('is not started from %s by a further try, which says why', async (_what, fields) => {
		const { cluster, staticData } = await givenFailing();
		const given = sizes({ ...fields, options: { retries: 0 } });
		const result = await run(cluster, given, { items: [{ n: 2 }, { n: 0 }], staticData, ...tries });
		expect(result.tries).toBe(2);
		expect(result.items).toMatchObject([
			{
				error:
					"The deployment 'search' was not started: item 1 of this run, which comes later, has stopped it meanwhile",
				details: { deployment_id: 'search' },
			},
			{ action: 'stop', changed: true },
		]);
		expect(restoreIn(result.items[1])).toMatchObject({ ...NOW, number_of_allocations: 2 });
		expect(kept(staticData)).toMatchObject([{ ...NOW, number_of_allocations: 2 }]);
		expect(lines(writes(cluster))).toEqual([
			expect.stringContaining('_update'),
			expect.stringContaining('_stop'),
		]);
	});

	it('is started as it was by a further try that starts what was stopped', async () => {
		const { cluster, staticData } = await givenFailing();
		const given = sizes({ options: { retries: 0 } });
		const result = await run(cluster, given, { items: [{ n: 2 }, { n: 0 }], staticData, ...tries });
		// Each stop is told once, those of the first try too.
		const actions = ['start', 'stop', 'stop'];
		expect(result.items).toMatchObject(actions.map((action) => ({ action })));
		expect(kept(staticData)).toMatchObject([{ ...NOW, number_of_allocations: 2 }]);
	});

	it('runs again where that one has started it again too', async () => {
		const { cluster, staticData } = await givenFailing();
		const given = sizes({
			ifNotRunning: 'startModel',
			modelId: byId('my_model'),
			options: { retries: 0 },
		});
		const items = [{ n: 2 }, { n: 0 }, { n: 3 }];
		const actions = ['update', 'stop', 'stop', 'start'];
		const result = await run(cluster, given, { items, staticData, ...tries });
		expect(result.items).toMatchObject(actions.map((action) => ({ action })));
		expect(cluster.deployment('search')).toMatchObject({ number_of_allocations: 3 });
	});
});
