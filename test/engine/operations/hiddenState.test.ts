/** docs/elasticsearch-behaviour.md, "Serverless: hidden state" */

import type { IDataObject } from 'n8n-workflow';

import type { ClusterVersion, DeploymentSeed } from '../../cluster';
import {
	beforeLook,
	byId,
	credentialFor,
	givenCluster,
	letTimePass,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	theEngine,
	update,
	writes,
} from '../given';
import { remembered } from './remembered';

const MINUTE = 60_000;
const ADAPTIVE = { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 };
const LOOKS = /\/search\/_stats$/;
const id = byId('search');

/** What `_stats` leaves out, and where the nodes have names or none. */
const VERSIONS: ClusterVersion[] = ['9.5', 'serverless'];

describe.each(VERSIONS)('on %s, where the state is hidden,', (version) => {
	async function given(seed: Partial<DeploymentSeed> = {}) {
		const cluster = await givenCluster({ version, serverlessHidesState: true });
		cluster.addModel({ model_id: 'elser' });
		cluster.addDeployment({
			deployment_id: 'search',
			model_id: 'elser',
			number_of_allocations: 2,
			start_time: cluster.now() - 600 * MINUTE,
			...seed,
		});
		return cluster;
	}

	const get = parameters('get', { deploymentId: id, output: 'full' });

	it.each<[string, Partial<DeploymentSeed>, IDataObject]>([
		['all runs', {}, { state: 'started', ready: true, allocation_state: 'fully_allocated' }],
		[
			'one of two runs',
			{ routes: [{ allocations: 1, target_allocations: 2 }] },
			{ state: 'started', ready: false, running_allocations: 1, allocation_state: 'started' },
		],
		['it starts', { state: 'starting', never_starts: true }, { state: 'starting', ready: false }],
		[
			'its process failed',
			{ routes: [{ state: 'failed', reason: 'killed' }] },
			{ state: 'failed', ready: false },
		],
		[
			'its nodes are stopping',
			{ routes: [{ state: 'stopping' }] },
			{ state: 'stopping', ready: false, allocation_state: null },
		],
		[
			'it sleeps',
			{ number_of_allocations: 0, adaptive_allocations: ADAPTIVE },
			{ state: 'started', ready: false, reason: 'scaled_to_zero', vcpus: 0 },
		],
		[
			'it runs nowhere',
			{ routes: [] },
			{ state: 'unknown', ready: false, idle_minutes: null, running_allocations: 0 },
		],
	])('Get and Get Many show where %s', async (_what, seed, shown) => {
		const cluster = await given(seed);
		expect((await run(cluster, get)).items).toMatchObject([shown]);
		const filters = { state: shown.state };
		const many = parameters('getMany', { output: 'full', returnAll: true, filters });
		expect((await run(cluster, many)).items).toMatchObject([shown]);
	});

	it.each(['started', 'fully_allocated'])(
		'Wait Until Ready sees that it is %s',
		async (waitFor) => {
			const cluster = await given({ state: 'starting', never_starts: true });
			beforeLook(cluster, LOOKS, 3, () => cluster.changeDeployment('search', STARTED));
			const wait = parameters('waitUntilReady', { deploymentId: id, waitFor });
			expect((await run(cluster, wait)).items).toMatchObject([{ ready: true, state: 'started' }]);
		},
	);

	it('Wait Until Ready does not take what it does not see for started', async () => {
		const cluster = await given({ routes: [] });
		const options = { waitTimeout: 1 };
		const wait = parameters('waitUntilReady', { deploymentId: id, waitFor: 'started', options });
		const { message, description } = seen(await run(cluster, wait));
		expect(message).toBe("The deployment 'search' was not ready after 1 s");
		expect(description).toContain('neither its state nor where it runs');
	});

	it('starts, and stops with a restore that starts it again', async () => {
		const cluster = await givenCluster({ version, serverlessHidesState: true });
		cluster.addModel({ model_id: 'elser' });
		letTimePass(cluster);
		const began = await run(cluster, parameters('start', { modelId: byId('elser') }));
		expect(began.items).toMatchObject([{ action: 'start', state: 'started', changed: true }]);
		const again = await run(cluster, parameters('start', { modelId: byId('elser') }));
		// Serverless makes it adaptive, which is not what the second start asks for.
		if (version === 'serverless') expect(seen(again).message).toMatch(/other settings/);
		else expect(again.items).toMatchObject([{ reason: 'as_asked', changed: false }]);
		const stopped = await run(cluster, stop('elser'));
		expect(stopped.items).toMatchObject([{ action: 'stop', changed: true }]);
		const back = parameters('start', { startFrom: 'restore' });
		expect((await run(cluster, back, { items: stopped.items })).items).toMatchObject([
			{ action: 'start', changed: true, state: 'started' },
		]);
	});

	it('a pattern stops what is idle, and leaves what is used or not seen', async () => {
		const cluster = await given();
		const routesOf = (minutes: number) => [
			{ allocations: 1, last_access: cluster.now() + minutes * MINUTE },
		];
		const start_time = cluster.now() - 600 * MINUTE;
		cluster.addDeployment({ deployment_id: 'search', start_time, routes: routesOf(-40) });
		cluster.addDeployment({ deployment_id: 'used', start_time, routes: routesOf(-1) });
		cluster.addDeployment({ deployment_id: 'unseen', start_time, routes: [] });
		const { items } = await run(cluster, stopPattern('*', { onlyIfIdleMinutes: 30 }));
		const told = items.map(({ deployment_id, action, reason }) => [deployment_id, action, reason]);
		expect(Object.fromEntries(told.map(([key, ...rest]) => [key, rest]))).toEqual({
			search: ['stop', null],
			used: ['none', 'not_idle'],
			unseen: ['none', 'not_idle'],
		});
		expect(lines(writes(cluster))).toEqual([
			'POST /_ml/trained_models/search/deployment/_stop?allow_no_match=false',
		]);
	});

	it('a stop whose answer is lost is confirmed once it is gone', async () => {
		const cluster = await given();
		cluster.fault({ kind: 'reset', path: '_stop', after: true });
		const { items } = await run(cluster, stop('search', { details: true }));
		expect(items).toMatchObject([
			{ action: 'stop', changed: true, details: { confirmed_by: 'stats' } },
		]);
	});

	it('Start does not take what still works off its queue for what it asks for', async () => {
		const cluster = await given({ routes: [{ allocations: 2, pending_requests: 5 }] });
		const staticData: IDataObject = {};
		cluster.fault({ kind: 'reset', path: '_stop', after: true, stopsAfterMs: 60_000 });
		const slow = stop('search', { finishPendingWork: true, requestTimeout: 1 });
		expect(seen(await run(cluster, slow, { staticData })).message).toContain('not gone yet');
		expect(remembered(staticData)).toEqual(['search']);

		const again = { startFrom: 'remembered', deploymentId: undefined, pattern: 'search' };
		letTimePass(cluster);
		const back = await run(cluster, parameters('start', again), { staticData });
		expect(back.items).toMatchObject([{ action: 'start', changed: true }]);
	});

	it('Scale and Update bring it to bounds, and find them a second time', async () => {
		const cluster = await given({ adaptive_allocations: ADAPTIVE });
		letTimePass(cluster);
		const size = {
			allocationMode: 'adaptive',
			minNumberOfAllocations: 1,
			maxNumberOfAllocations: 3,
		};
		const scale = parameters('scale', { deploymentId: id, ...size });
		expect((await run(cluster, scale)).items).toMatchObject([{ action: 'update', changed: true }]);
		expect((await run(cluster, scale)).items).toMatchObject([{ reason: 'as_asked' }]);
		const options = { waitFor: 'fully_allocated' };
		const updated = await run(cluster, update('search', { ...size, options }));
		expect(updated.items).toMatchObject([{ state: 'started' }]);
	});

	it('a dry run of an update does not claim to know that it is refused', async () => {
		const cluster = await given({ routes: [] });
		const size = {
			allocationMode: 'adaptive',
			minNumberOfAllocations: 1,
			maxNumberOfAllocations: 3,
		};
		const { items } = await run(cluster, update('search', { ...size, dryRun: true }));
		expect(items[0].warnings).toEqual(['The cluster does not show its state, and may refuse this']);
	});

	it('the list of deployments has it', async () => {
		const cluster = await given();
		const { results } = await theEngine().listSearch('searchDeployments', {
			credentials: credentialFor(cluster),
		});
		expect(results).toMatchObject([
			{ value: 'search', description: expect.stringContaining('started, allocations: 2') },
		]);
	});
});

const STARTED: Partial<DeploymentSeed> = {
	state: 'started',
	never_starts: false,
	routes: [{ allocations: 2 }],
};
