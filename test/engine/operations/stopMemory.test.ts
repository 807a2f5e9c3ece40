import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	byId,
	credentialFor,
	givenCluster,
	parameters,
	run,
	seen,
	settingsOf,
	stop,
	stopPattern,
	theEngine,
	writes,
} from '../given';
import { absent, nothing, restoreIn, stopped } from './outputs';
import { memoryIn, remembered } from './remembered';

const MINUTE = 60_000;
const LOST = { kind: 'reset' as const, path: /_stop$/, after: true, stopsAfterMs: 60_000 };

async function givenDeployments(...ids: string[]) {
	const cluster = await givenCluster();
	for (const id of ids) {
		const start_time = cluster.now() - 600 * MINUTE;
		cluster.addDeployment({ deployment_id: id, model_id: 'my_model', start_time });
	}
	return cluster;
}

/** A cluster on which this workflow stopped the first of these, and the others still run. */
async function givenStopped(first: string, ...others: string[]) {
	const cluster = await givenDeployments(first, ...others);
	const staticData: IDataObject = {};
	const { items } = await run(cluster, stop(first), { staticData });
	cluster.resetLog();
	return { cluster, staticData, restore: items[0].restore };
}

describe('what a workflow remembers of its stops', () => {
	it('is the restore of each, by cluster, beside what else the workflow keeps', async () => {
		const cluster = await givenDeployments('a', 'b');
		const staticData: IDataObject = { global: { counter: 7 } };
		const first = await run(cluster, stop('a'), { staticData });
		const second = await run(cluster, stop('b'), { staticData });
		const restores = [first, second].map(({ items }) => items[0].restore);
		expect(staticData).toEqual({
			global: {
				counter: 7,
				mlDeployments: {
					version: 1,
					clusters: [restoreIn(first.items[0]).cluster],
					stopped: restores,
					dropped: [],
				},
			},
		});
	});

	it('is kept when a later item ends the run', async () => {
		const cluster = await givenDeployments('a');
		const staticData = {};
		const given = stop('={{ $json.id }}', { maxConcurrency: 1 });
		const result = await run(cluster, given, { items: [{ id: 'a' }, { id: 'nope' }], staticData });
		expect(result.status).toBe('error');
		expect(remembered(staticData)).toEqual(['a']);
	});

	it('is kept when the end of a stop is not known: the deployment may be gone', async () => {
		const cluster = await givenDeployments('a');
		cluster.fault(LOST);
		const staticData = {};
		const result = await run(cluster, stop('a', { requestTimeout: 1 }), { staticData });
		expect(seen(result).message).toContain('is stopping, but not gone yet');
		expect(remembered(staticData)).toEqual(['a']);
	});

	it('holds what each way to stop stopped: a pattern, a list, Scale to 0', async () => {
		const cluster = await givenDeployments('a-1', 'a-2', 'b', 'c', 'd');
		const staticData = {};
		await run(cluster, stopPattern('a-*'), { staticData });
		await run(cluster, stopPattern('b, c'), { staticData });
		const scale = parameters('scale', { deploymentId: byId('d'), numberOfAllocations: 0 });
		await run(cluster, scale, { staticData });
		expect(remembered(staticData)).toEqual(['a-1', 'a-2', 'b', 'c', 'd']);
	});

	it('holds nothing that the cluster refused to stop', async () => {
		const cluster = await givenDeployments('a');
		cluster.addPipeline({ id: 'docs', model_id: 'a' });
		const staticData = {};
		expect((await run(cluster, stop('a'), { staticData })).status).toBe('error');
		expect(remembered(staticData)).toEqual([]);
	});

	it('holds nothing that was left alone', async () => {
		const cluster = await givenDeployments('a', 'b');
		const staticData = {};
		await run(cluster, stopPattern('_all', { minAgeMinutes: 999 }), { staticData });
		await run(cluster, stopPattern('_all', { exclude: '*' }), { staticData });
		expect(remembered(staticData)).toEqual([]);
		// So a Start in the morning knows that nothing was to be started.
		expect(memoryIn(staticData)?.clusters).toHaveLength(1);
	});

	it('does not change in a dry run', async () => {
		const cluster = await givenDeployments('a');
		const staticData = {};
		await run(cluster, stop('a', {}, { dryRun: true }), { staticData });
		await run(cluster, stopPattern('a*', {}, { dryRun: true }), { staticData });
		expect(memoryIn(staticData)).toBeUndefined();
	});

	it('does not hold what this run started again', async () => {
		const { cluster, staticData } = await givenStopped('a');
		const start = { startFrom: 'restore', restore: String(memoryIn(staticData)?.stopped[0]) };
		await run(cluster, parameters('start', start), { staticData });
		expect(remembered(staticData)).toEqual([]);
		expect(cluster.deployment('a')?.state).toBe('started');
	});

	it('is not saved by a run by hand, and the hint says so', async () => {
		const cluster = await givenDeployments('a');
		const staticData = {};
		const { items, hints } = await run(cluster, stop('a'), { staticData, mode: 'manual' });
		expect(items).toEqual([stopped('a')]);
		expect(hints.map(({ message }) => message)).toEqual([
			'Stopped 1 of 1, 1 vCPU free. This run by hand is not remembered: only later nodes of it can start again what it stopped, so keep its restore.',
		]);
		expect(staticData).toEqual({});
	});

	it('is found by a later node of the same run by hand', async () => {
		const cluster = await givenDeployments('a');
		const before = settingsOf(cluster.deployment('a'));
		const node = (name: string, type: string, given: INodeParameters) => ({
			...{ id: name, name, type, typeVersion: 1, position: [0, 0] as [number, number] },
			parameters: given,
		});
		const ml = 'n8n-nodes-elasticsearch-ml.mlDeployment';
		const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
		const remembers = parameters('start', { startFrom: 'remembered', pattern: 'a' });
		const result = await theEngine().runWorkflow({
			workflow: {
				nodes: [
					node('By Hand', 'n8n-nodes-base.manualTrigger', {}),
					node('Evening', ml, stop('a')),
					node('Morning', ml, remembers),
				],
				connections: { 'By Hand': to('Evening'), Evening: to('Morning') },
				settings: { executionOrder: 'v1' },
			},
			credentials: { elasticsearchMlApi: credentialFor(cluster) },
			mode: 'manual',
		});
		expect(result.status).toBe('success');
		expect(result.items).toMatchObject([{ deployment_id: 'a', action: 'start', changed: true }]);
		expect(settingsOf(cluster.deployment('a'))).toEqual(before);
	});
});

describe('a second stop of what this workflow stopped', () => {
	it('by its id is no error, and hands on the restore again', async () => {
		const { cluster, staticData, restore } = await givenStopped('a');
		const { items } = await run(cluster, stop('a'), { staticData });
		expect(items).toEqual([absent('a', 'not_deployed', { restore })]);
		expect(writes(cluster)).toEqual([]);
		expect(remembered(staticData)).toEqual(['a']);
	});

	it("by an id that is a model's hands it on too", async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'my_model' });
		const staticData = {};
		const [{ restore }] = (await run(cluster, stop('my_model'), { staticData })).items;
		const { items } = await run(cluster, stop('my_model'), { staticData });
		expect(items).toEqual([absent('my_model', 'not_deployed', { restore })]);
	});

	it('in a list is told beside what is stopped now', async () => {
		const { cluster, staticData, restore } = await givenStopped('a', 'b');
		const { items } = await run(cluster, stopPattern('a, b', { allowNoMatch: false }), {
			staticData,
		});
		expect(items).toEqual([absent('a', 'not_deployed', { restore }), stopped('b')]);
		expect(remembered(staticData)).toEqual(['a', 'b']);
	});

	it('by a pattern that means nothing else is no failed match', async () => {
		const { cluster, staticData, restore } = await givenStopped('a', 'b');
		for (const allowNoMatch of [true, false]) {
			const { items } = await run(cluster, stopPattern('a*', { allowNoMatch }), { staticData });
			expect(items).toEqual([absent('a', 'not_deployed', { restore })]);
		}
		expect(writes(cluster)).toEqual([]);
	});

	it('is not told by a pattern that finds others to stop', async () => {
		const { cluster, staticData } = await givenStopped('a-1', 'a-2');
		const { items } = await run(cluster, stopPattern('a-*'), { staticData });
		expect(items).toEqual([stopped('a-2')]);
		expect(remembered(staticData)).toEqual(['a-1', 'a-2']);
	});

	it('is not told if it is excluded', async () => {
		const { cluster, staticData } = await givenStopped('a');
		const { items } = await run(cluster, stopPattern('a*', { exclude: 'a' }), { staticData });
		expect(items).toEqual([
			nothing('no_match', {
				warnings: ["Nothing matches 'a*'", "'a' in 'Exclude' matches no deployment"],
			}),
		]);
	});

	it('shows the same in a dry run', async () => {
		const { cluster, staticData, restore } = await givenStopped('a');
		const { items } = await run(cluster, stop('a', {}, { dryRun: true }), { staticData });
		expect(items).toMatchObject([
			{ action: 'none', reason: 'not_deployed', restore, dry_run: true },
		]);
	});

	it('stops it again if somebody started it, and remembers how it ran then', async () => {
		const { cluster, staticData } = await givenStopped('a');
		cluster.addDeployment({ deployment_id: 'a', model_id: 'my_model', threads_per_allocation: 2 });
		const { items } = await run(cluster, stop('a'), { staticData });
		expect(items).toEqual([stopped('a', { vcpus_before: 2 })]);
		expect(memoryIn(staticData)?.stopped).toEqual([items[0].restore]);
	});

	it('is an error on another cluster, whose memory is its own', async () => {
		const { staticData } = await givenStopped('a');
		const other = await givenDeployments('b');
		const result = await run(other, stop('a'), { staticData });
		expect(seen(result).message).toBe("No deployment and no model is called 'a'");
		const none = await run(other, stopPattern('a*'), { staticData });
		expect(none.items).toMatchObject([{ reason: 'no_match' }]);
		await run(other, stop('b'), { staticData });
		expect(remembered(staticData)).toEqual(['a', 'b']);
		expect(memoryIn(staticData)?.clusters).toHaveLength(2);
	});

	it('is an error in a workflow that remembers nothing, such as a copy', async () => {
		const { cluster } = await givenStopped('a');
		const result = await run(cluster, stop('a'), { staticData: {} });
		expect(seen(result).message).toBe("No deployment and no model is called 'a'");
	});
});

describe('a memory that is not as it should be', () => {
	it.each([
		['a text', 'rubbish'],
		['a list', [1, 2]],
		['entries that are none', { version: 1, clusters: 'x', stopped: [1, '{}', 'no json', null] }],
	])('is passed over: %s', async (_name, mlDeployments) => {
		const cluster = await givenDeployments('a');
		const staticData: IDataObject = { global: { mlDeployments } as IDataObject };
		const { items } = await run(cluster, stop('a'), { staticData });
		expect(items).toEqual([stopped('a')]);
		expect(remembered(staticData)).toEqual(['a']);
	});

	it('of a newer version is left as it is, and the hint says what is not remembered', async () => {
		const { cluster, staticData } = await givenStopped('a', 'b');
		const newer = { version: 2, stopped: memoryIn(staticData)?.stopped };
		staticData.global = { mlDeployments: newer };
		const { items, hints } = await run(cluster, stop('b'), { staticData });
		expect(items).toEqual([stopped('b')]);
		expect(hints.map(({ message }) => message)).toEqual([
			'Stopped 1 of 1, 1 vCPU free. What this run stopped is not remembered, because a newer version of this node wrote the memory of this workflow: keep its restore.',
		]);
		expect(memoryIn(staticData)).toEqual(newer);
		expect((await run(cluster, stop('a'), { staticData })).status).toBe('error');
	});

	it('that is full drops the oldest, and the hint names it', async () => {
		const { cluster, staticData, restore } = await givenStopped('first', 'last');
		const texts = Array.from({ length: 200 }, (_, at) =>
			String(restore).replace('"deployment_id":"first"', `"deployment_id":"old-${at}"`),
		);
		staticData.global = {
			mlDeployments: { version: 1, clusters: [], stopped: texts, dropped: [] },
		};
		const { hints } = await run(cluster, stop('last'), { staticData });
		expect(hints.map(({ message }) => message)).toEqual([
			"Stopped 1 of 1, 1 vCPU free. The memory of this workflow is full: the restore of 'old-0' is only in the output from now on.",
		]);
		const ids = remembered(staticData);
		expect(ids).toHaveLength(200);
		expect([ids[0], ids.at(-1)]).toEqual(['old-1', 'last']);
		expect(memoryIn(staticData)?.dropped).toEqual([
			{ cluster: restoreIn({ restore }).cluster, deployment_id: 'old-0' },
		]);
	});
});
