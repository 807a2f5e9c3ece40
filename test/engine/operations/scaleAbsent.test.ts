import type { IDataObject } from 'n8n-workflow';

import type { DeploymentSeed } from '../../cluster';
import {
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	settingsOf,
	stop,
	stopPattern,
	writes,
} from '../given';
import { asAsked, nothing, started, updated } from './outputs';
import { remembered } from './remembered';

const scale = (ifNotRunning: string, fields: IDataObject = {}) =>
	parameters('scale', {
		deploymentId: byId('search'),
		numberOfAllocations: 2,
		ifNotRunning,
		...fields,
	});
const matching = (pattern: string, fields: IDataObject = {}) =>
	parameters('scale', { target: 'pattern', pattern, numberOfAllocations: 2, ...fields });

const SEED: DeploymentSeed = {
	deployment_id: 'search',
	model_id: 'my_model',
	threads_per_allocation: 4,
	queue_capacity: 99,
};
const LIKE_SEED = { model_id: 'my_model', threads_per_allocation: 4, queue_capacity: 99 };

async function givenSearch(seed: Partial<DeploymentSeed> = {}) {
	const cluster = await givenCluster();
	cluster.addDeployment({ ...SEED, ...seed });
	return cluster;
}

/** A cluster on which this workflow stopped 'search'. */
async function givenStopped(seed: Partial<DeploymentSeed> = {}) {
	const cluster = await givenSearch(seed);
	const staticData: IDataObject = {};
	const { items } = await run(cluster, stop('search'), { staticData });
	cluster.resetLog();
	return { cluster, staticData, items };
}

describe('If Not Running: Fail', () => {
	it.each(['exactly', 'atLeast'])(
		'is an error under %s, though it is remembered',
		async (sizeRule) => {
			const { cluster, staticData } = await givenStopped();
			const result = await run(cluster, scale('error', { sizeRule }), { staticData });
			expect(seen(result).message).toBe("No deployment and no model is called 'search'");
			expect(seen(result).description).toContain("set 'If Not Running'");
			expect(writes(cluster)).toEqual([]);
			expect(remembered(staticData)).toEqual(['search']);
		},
	);
});

describe('If Not Running: Start Its Model', () => {
	it('starts the named model with the settings chosen here', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'my_model' });
		const { items } = await run(
			cluster,
			scale('startModel', { modelId: byId('my_model'), options: { threadsPerAllocation: 2 } }),
		);
		expect(items).toEqual([started('search', 2, { vcpus: 4 })]);
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/my_model/deployment/_start?wait_for=starting&deployment_id=search&number_of_allocations=2&threads_per_allocation=2',
		]);
	});

	it('starts the size that is asked for under At Least too', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		const { items } = await run(cluster, scale('startModel', { sizeRule: 'atLeast' }));
		expect(items).toEqual([started('search', 2)]);
	});

	it('does nothing else for one that runs', async () => {
		const cluster = await givenSearch({ number_of_allocations: 5, threads_per_allocation: 1 });
		const given = scale('startModel', { sizeRule: 'atLeast', modelId: byId('other') });
		const { items } = await run(cluster, given);
		const size = { number_of_allocations: 5, vcpus: 5, vcpus_before: 5 };
		expect(items).toEqual([asAsked('search', size)]);
		expect(writes(cluster)).toEqual([]);
	});
});

describe('If Not Running: Start From a Restore', () => {
	it.each([
		['as the text that it is', '={{ $json.restore }}'],
		['as an object', '={{ JSON.parse($json.restore) }}'],
		['by the default of the field', undefined],
	])('takes the restore %s', async (_name, restore) => {
		const { cluster, items: stopped } = await givenStopped();
		const given = scale('startFromRestore', restore === undefined ? {} : { restore });
		const { items } = await run(cluster, given, { items: stopped });
		expect(items).toEqual([started('search', 2, { vcpus: 8 })]);
		expect(cluster.deployment('search')).toMatchObject({ ...LIKE_SEED, number_of_allocations: 2 });
	});

	it.each([
		['exactly', 2],
		['atLeast', 3],
	])('starts it under %s with %d, of a restore with 3', async (sizeRule, number) => {
		const { cluster, items: stopped } = await givenStopped({ number_of_allocations: 3 });
		await run(cluster, scale('startFromRestore', { sizeRule }), { items: stopped });
		expect(cluster.deployment('search')?.number_of_allocations).toBe(number);
	});

	it('keeps adaptive allocations under At Least, and raises their minimum', async () => {
		const adaptive_allocations = {
			enabled: true,
			min_number_of_allocations: 0,
			max_number_of_allocations: 4,
		};
		const { cluster, items: stopped } = await givenStopped({ adaptive_allocations });
		const given = scale('startFromRestore', { sizeRule: 'atLeast' });
		await run(cluster, given, { items: stopped });
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual({
			...adaptive_allocations,
			min_number_of_allocations: 2,
		});
	});

	it.each([null, 'null'])('starts nothing of the restore %j, and says so', async (restore) => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		const result = await run(cluster, scale('startFromRestore'), { items: [{ restore }] });
		expect(seen(result).message).toBe(
			"The deployment 'search' is not there: its model is not deployed",
		);
		expect(writes(cluster)).toEqual([]);
	});

	it('scales one that runs, though its restore is null', async () => {
		const cluster = await givenSearch({ threads_per_allocation: 1 });
		const { items } = await run(cluster, scale('startFromRestore'), { items: [{ restore: null }] });
		expect(items).toEqual([updated('search', 2)]);
	});

	it.each([
		['an expression that finds nothing', '={{ $json.nope }}'],
		['an empty text', '={{ "" }}'],
	])('refuses %s before anything is sent', async (_name, restore) => {
		const cluster = await givenSearch();
		const result = await run(cluster, scale('startFromRestore', { restore }));
		expect(seen(result).message).toMatch(
			/^(There is no restore object|The restore object is empty)$/,
		);
		expect(cluster.requests).toEqual([]);
	});
});

describe('If Not Running: Start From What This Workflow Stopped', () => {
	it('starts it in a later run, as it was but for its size, and forgets it', async () => {
		const { cluster, staticData } = await givenStopped();
		expect(remembered(staticData)).toEqual(['search']);
		const { items } = await run(cluster, scale('startRemembered'), { staticData });
		expect(items).toEqual([started('search', 2, { vcpus: 8 })]);
		expect(cluster.deployment('search')).toMatchObject({ ...LIKE_SEED, number_of_allocations: 2 });
		expect(remembered(staticData)).toEqual([]);
	});

	it('brings it back as it was if At Least is less', async () => {
		const cluster = await givenSearch({ number_of_allocations: 3 });
		const before = settingsOf(cluster.deployment('search'));
		const staticData = {};
		await run(cluster, stop('search'), { staticData });
		const given = scale('startRemembered', { sizeRule: 'atLeast' });
		await run(cluster, given, { staticData });
		expect(settingsOf(cluster.deployment('search'))).toEqual(before);
	});

	it('finds what Scale to 0 stopped', async () => {
		const cluster = await givenSearch();
		const staticData = {};
		await run(cluster, scale('error', { numberOfAllocations: 0 }), { staticData });
		expect(remembered(staticData)).toEqual(['search']);
		await run(cluster, scale('startRemembered'), { staticData });
		expect(cluster.deployment('search')).toMatchObject(LIKE_SEED);
	});

	it('scales what somebody else started meanwhile', async () => {
		const { cluster, staticData } = await givenStopped();
		cluster.addDeployment({ deployment_id: 'search' });
		const { items } = await run(cluster, scale('startRemembered'), { staticData });
		expect(items).toEqual([updated('search', 2)]);
	});

	it('says where else to look for what is not remembered', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		const result = await run(cluster, scale('startRemembered'), { staticData: {} });
		expect(seen(result)).toEqual({
			message: "This workflow does not remember stopping 'search'",
			description: expect.stringMatching(/Executions.*'Start From' Restore\.$/),
		});
		expect(writes(cluster)).toEqual([]);
	});

	it('does not start what it remembers for another cluster, and names the reason', async () => {
		const { staticData } = await givenStopped();
		const other = await givenCluster();
		other.addModel({ model_id: 'search' });
		const result = await run(other, scale('startRemembered'), { staticData });
		expect(seen(result).description).toMatch(/another cluster/);
		expect(writes(other)).toEqual([]);
		expect(remembered(staticData)).toEqual(['search']);
	});

	it('shows the start in a dry run, and forgets nothing', async () => {
		const { cluster, staticData } = await givenStopped();
		const given = scale('startRemembered', { dryRun: true });
		const { items } = await run(cluster, given, { staticData });
		expect(items).toMatchObject([{ action: 'start', changed: false, dry_run: true, vcpus: 8 }]);
		expect(writes(cluster)).toEqual([]);
		expect(remembered(staticData)).toEqual(['search']);
	});
});

describe('If Not Running for a pattern', () => {
	async function givenNight() {
		const cluster = await givenCluster();
		for (const id of ['a-1', 'a-2', 'b-1']) cluster.addDeployment({ deployment_id: id });
		const staticData: IDataObject = {};
		await run(cluster, stopPattern('*-1'), { staticData });
		cluster.resetLog();
		return { cluster, staticData };
	}

	it('starts what is remembered and matches, and scales what runs', async () => {
		const { cluster, staticData } = await givenNight();
		const given = matching('a-*', { ifNotRunning: 'startRemembered' });
		const { items } = await run(cluster, given, { staticData });
		expect(items).toEqual([updated('a-2', 2), started('a-1', 2)]);
		expect(remembered(staticData)).toEqual(['b-1']);
	});

	it('starts what is remembered where nothing that runs matches', async () => {
		const { cluster, staticData } = await givenNight();
		const given = matching('b-*', { ifNotRunning: 'startRemembered' });
		const { items } = await run(cluster, given, { staticData });
		expect(items).toEqual([started('b-1', 2)]);
	});

	it('starts nothing that is excluded', async () => {
		const { cluster, staticData } = await givenNight();
		const given = matching('a-*', { ifNotRunning: 'startRemembered', options: { exclude: '*-1' } });
		const { items } = await run(cluster, given, { staticData });
		expect(items).toMatchObject([{ deployment_id: 'a-2', action: 'update' }]);
		expect(remembered(staticData)).toEqual(['a-1', 'b-1']);
	});

	it('counts what would be started among the matches, before anything is sent', async () => {
		const { cluster, staticData } = await givenNight();
		const fields = { ifNotRunning: 'startRemembered', maxMatches: 2 };
		const result = await run(cluster, matching('_all', fields), { staticData });
		expect(seen(result).message).toBe(
			"The pattern '_all' matches 3 deployments, more than 'Max Matches' of 2, so nothing was changed",
		);
		expect(writes(cluster)).toEqual([]);
		expect(remembered(staticData)).toEqual(['a-1', 'b-1']);
	});

	it('starts nothing without being told to', async () => {
		const { cluster, staticData } = await givenNight();
		const { items } = await run(cluster, matching('a-*'), { staticData });
		expect(items).toEqual([updated('a-2', 2)]);
		const none = await run(cluster, matching('b-*'), { staticData });
		expect(seen(none).message).toBe("No deployment matches 'b-*', so nothing was changed");
	});

	it.each(['startModel', 'startFromRestore'])('refuses %s before anything is sent', async (way) => {
		const { cluster } = await givenNight();
		const result = await run(cluster, matching('a-*', { ifNotRunning: way }));
		expect(seen(result)).toEqual({
			message:
				"With a pattern, 'If Not Running' can only be Fail or Start From What This Workflow Stopped",
			description: "Choose one of these, or set 'Apply To' to One Deployment.",
		});
		expect(cluster.requests).toEqual([]);
	});

	it('to zero tells of what is stopped already, with its restore', async () => {
		const { cluster, staticData } = await givenNight();
		const again = await run(cluster, matching('b-*', { numberOfAllocations: 0 }), { staticData });
		expect(again.items).toMatchObject([
			{ deployment_id: 'b-1', action: 'none', reason: 'not_deployed' },
		]);
		expect(again.items).not.toContainEqual(nothing('no_match'));
		expect(writes(cluster)).toEqual([]);
	});
});
