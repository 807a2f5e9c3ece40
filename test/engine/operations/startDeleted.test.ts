import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { givenCluster, parameters, run, seen, stopPattern, writes } from '../given';
import { restoreWith } from '../restoreText';
import { absent } from './outputs';
import { remembered } from './remembered';

const recall = (options: IDataObject = {}, fields: IDataObject = {}) =>
	parameters('start', { startFrom: 'remembered', ...fields, options });
const FORGET = { whenModelDeleted: 'forget' };

/** The cluster has no room for 'b', once. */
const NO_ROOM = {
	kind: 'status' as const,
	status: 429,
	path: '/b/deployment/_start',
	body: {
		error: { root_cause: [], type: 'status_exception', reason: 'no ML nodes with capacity' },
		status: 429,
	},
};

/** This workflow stopped 'a' and 'b', and then somebody deleted the model of 'a'. */
async function givenDeleted() {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'a', model_id: 'a_model', queue_capacity: 99 });
	cluster.addDeployment({ deployment_id: 'b' });
	const staticData: IDataObject = {};
	await run(cluster, stopPattern('*'), { staticData });
	await deleteModel(cluster, 'a_model');
	cluster.resetLog();
	return { cluster, staticData };
}

async function deleteModel({ endpoint, apiKey }: EmbeddedCluster, id: string): Promise<void> {
	const headers = { authorization: `ApiKey ${apiKey}` };
	const url = `${endpoint}/_ml/trained_models/${id}`;
	const { status } = await fetch(url, { method: 'DELETE', headers });
	expect(status).toBe(200);
}

const RESTORE_OF_A = restoreWith({
	deployment_id: 'a',
	model_id: 'a_model',
	queue_capacity: 99,
});
const FAILED = {
	error: "The deployment 'a' was not started: its model 'a_model' is no longer in the cluster",
	details: {
		deployment_id: 'a',
		model_id: 'a_model',
		http_status: 404,
		reason: expect.stringContaining('a_model'),
		next_step: expect.stringContaining("'If Its Model Was Deleted' to 'Forget It'"),
		restore: RESTORE_OF_A,
	},
};
const forgotten = (other: object = {}) =>
	absent('a', 'model_deleted', {
		restore: RESTORE_OF_A,
		assignment: null,
		warnings: [expect.stringContaining('leaves the memory')],
		...other,
	});

describe('start of what was stopped, whose model was deleted meanwhile', () => {
	it.each([[{}], [{ whenModelDeleted: 'error' }]])(
		'is an error that says both ways on, holds its restore, and keeps it remembered: %j',
		async (options) => {
			const { cluster, staticData } = await givenDeleted();
			const result = await run(cluster, recall(options), { staticData });
			expect(seen(result).message).toBe('1 of 2 deployments was not started');
			expect(seen(result).description).toContain('Import the model again under this ID');
			expect(result.error?.context?.data).toMatchObject({
				done: [{ deployment_id: 'b', action: 'start' }],
				failed: [FAILED],
			});
			expect(remembered(staticData)).toEqual(['a']);
		},
	);

	it('is started once the model is there again', async () => {
		const { cluster, staticData } = await givenDeleted();
		await run(cluster, recall(), { staticData });
		cluster.addModel({ model_id: 'a_model' });
		const { items } = await run(cluster, recall(), { staticData });
		expect(items).toMatchObject([{ deployment_id: 'a', action: 'start' }]);
		expect(cluster.deployment('a')?.queue_capacity).toBe(99);
		expect(remembered(staticData)).toEqual([]);
	});

	it('is forgotten where that is chosen, and its restore is in the output', async () => {
		const { cluster, staticData } = await givenDeleted();
		const { items, hints } = await run(cluster, recall(FORGET), { staticData });
		expect(items).toEqual([
			forgotten(),
			expect.objectContaining({ deployment_id: 'b', action: 'start' }),
		]);
		expect(hints[0].message).toContain("Left alone: 'a' (model_deleted).");
		expect(remembered(staticData)).toEqual([]);
		const again = await run(cluster, recall(FORGET), { staticData });
		expect(again.items).toMatchObject([{ deployment_id: null, reason: 'nothing_to_restore' }]);
	});

	it('is forgotten only in a run without failures, so that no restore is lost with its output', async () => {
		const { cluster, staticData } = await givenDeleted();
		cluster.fault(NO_ROOM);
		const result = await run(cluster, recall(FORGET), { staticData });
		expect(result.error?.context?.data).toMatchObject({
			done: [{ deployment_id: 'a', reason: 'model_deleted', restore: RESTORE_OF_A }],
		});
		expect(remembered(staticData)).toEqual(['a', 'b']);
	});

	it.each(['*', 'a,b'])('is told once by another try: %s', async (pattern) => {
		const { cluster, staticData } = await givenDeleted();
		cluster.fault(NO_ROOM);
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const { items } = await run(cluster, recall(FORGET, { pattern }), { staticData, ...retry });
		expect(items).toEqual([
			forgotten(),
			expect.objectContaining({ deployment_id: 'b', action: 'start' }),
		]);
		expect(remembered(staticData)).toEqual([]);
	});

	it('is not forgotten after a lost answer or a 404 of something else', async () => {
		const { cluster, staticData } = await givenDeleted();
		cluster.addModel({ model_id: 'a_model' });
		cluster.fault({ kind: 'html', status: 404, path: '/a_model/deployment/_start' });
		const result = await run(cluster, recall(FORGET), { staticData });
		expect(result.status).toBe('error');
		expect(remembered(staticData)).toContain('a');
		cluster.fault({ kind: 'reset', path: '/a_model/deployment/_start', after: true });
		const { items } = await run(cluster, recall(FORGET), { staticData });
		expect(items).toContainEqual(
			expect.objectContaining({ deployment_id: 'a', action: 'start', changed: true }),
		);
	});

	it('is shown in a dry run, which forgets nothing', async () => {
		const { cluster, staticData } = await givenDeleted();
		const dry = { dryRun: true };
		const failed = await run(cluster, recall({}, dry), { staticData });
		expect(failed.error?.context?.data).toMatchObject({ failed: [FAILED] });
		const { items } = await run(cluster, recall(FORGET, dry), { staticData });
		expect(items[0]).toMatchObject({ reason: 'model_deleted', restore: RESTORE_OF_A });
		expect(writes(cluster)).toEqual([]);
		expect(remembered(staticData)).toEqual(['a', 'b']);
	});

	it('is the same error in Scale, which names Start', async () => {
		const { cluster, staticData } = await givenDeleted();
		const given = parameters('scale', {
			target: 'pattern',
			pattern: '*',
			numberOfAllocations: 1,
			ifNotRunning: 'startRemembered',
		});
		const result = await run(cluster, given, { staticData });
		expect(result.error?.context?.data).toMatchObject({ failed: [FAILED] });
		expect(remembered(staticData)).toEqual(['a']);
	});
});
