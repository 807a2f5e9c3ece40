import type { IDataObject } from 'n8n-workflow';

import type { DeploymentSeed, EmbeddedCluster } from '../../cluster';
import {
	beforeLook,
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	writes,
} from '../given';
import { absent, asAsked, started, updated } from './outputs';
import { remembered } from './remembered';

const scale = (number: number, fields: IDataObject = {}) =>
	parameters('scale', { deploymentId: byId('search'), numberOfAllocations: number, ...fields });
const matching = (number: number, fields: IDataObject = {}) =>
	parameters('scale', {
		target: 'pattern',
		pattern: 'a-*',
		numberOfAllocations: number,
		...fields,
	});

const ADAPTIVE = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 8 };

/** One that is starting at the first look, with what somebody does before the second one. */
async function givenStarting(
	seed: Partial<DeploymentSeed>,
	meanwhile: (cluster: EmbeddedCluster) => void,
): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', state: 'starting', ...seed });
	beforeLook(cluster, '/search/_stats', 2, () => meanwhile(cluster));
	return cluster;
}

/** It has started, with these settings. */
const becomes = (seed: Partial<DeploymentSeed>) => (cluster: EmbeddedCluster) =>
	cluster.addDeployment({ deployment_id: 'search', ...seed });
const isGone = (cluster: EmbeddedCluster) => cluster.removeDeployment('search');

describe('a scale whose answer is lost', () => {
	const lost = async (wanted: number, rule: string, now: number, ran: boolean) => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 3 });
		cluster.fault({ kind: 'reset', path: '/_update', after: ran });
		beforeLook(cluster, '/search/_stats', 2, () => {
			if (now > 0) cluster.changeDeployment('search', { number_of_allocations: now });
		});
		return { cluster, ...(await run(cluster, scale(wanted, { sizeRule: rule }))) };
	};

	it.each([
		['atLeast', 4, 8, false],
		['atLeast', 4, 8, true],
		['atMost', 2, 1, false],
		['atMost', 2, 1, true],
	])(
		'leaves what somebody did meanwhile: %s %d, %d (it ran: %p)',
		async (rule, wanted, now, ran) => {
			const { cluster, items } = await lost(wanted, rule, now, ran);
			expect(items).toMatchObject([{ action: 'none', reason: 'as_asked' }]);
			expect(cluster.deployment('search')?.number_of_allocations).toBe(now);
			expect(writes(cluster)).toHaveLength(1);
		},
	);

	it('is decided anew where somebody changed it, and it is still too small', async () => {
		const { cluster, items } = await lost(5, 'atLeast', 4, false);
		expect(items).toMatchObject([{ action: 'update', number_of_allocations: 5 }]);
		expect(cluster.deployment('search')?.number_of_allocations).toBe(5);
	});

	it.each([
		['atLeast', 4, false],
		['atLeast', 4, true],
		['atMost', 2, true],
		['exactly', 4, true],
	])('is sent again where nobody did anything: %s %d (it ran: %p)', async (rule, wanted, ran) => {
		const { cluster, items } = await lost(wanted, rule, 0, ran);
		expect(items).toMatchObject([{ action: 'update', number_of_allocations: wanted }]);
		expect(writes(cluster)).toHaveLength(2);
	});

	it('is told as lost where it was stopped meanwhile', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 3 });
		cluster.fault({ kind: 'reset', path: '/_update' });
		beforeLook(cluster, '/search/_stats', 2, () => isGone(cluster));
		const result = await run(cluster, scale(4, { sizeRule: 'atLeast' }));
		expect(seen(result).message).toMatch(/was cut before the answer came/);
		expect(writes(cluster)).toHaveLength(1);
	});
});

describe('scale of one that is starting decides by what the wait showed', () => {
	it('never enlarges under At Most what somebody shrank meanwhile', async () => {
		const cluster = await givenStarting(
			{ number_of_allocations: 5 },
			becomes({ number_of_allocations: 1 }),
		);
		const { items } = await run(cluster, scale(2, { sizeRule: 'atMost' }));
		expect(items).toEqual([asAsked('search')]);
		expect(writes(cluster)).toEqual([]);
	});

	it('never shrinks under At Least what somebody enlarged meanwhile', async () => {
		const cluster = await givenStarting(
			{ number_of_allocations: 1 },
			becomes({ number_of_allocations: 5 }),
		);
		const { items } = await run(cluster, scale(2, { sizeRule: 'atLeast' }));
		expect(items).toMatchObject([{ action: 'none', reason: 'as_asked', number_of_allocations: 5 }]);
		expect(writes(cluster)).toEqual([]);
	});

	it('sends nothing where it has the size by then', async () => {
		const cluster = await givenStarting({}, becomes({ number_of_allocations: 2 }));
		const { items } = await run(cluster, scale(2));
		expect(items).toMatchObject([{ action: 'none', reason: 'as_asked', vcpus_before: 2 }]);
		expect(writes(cluster)).toEqual([]);
	});

	it('moves the bounds where it is adaptive by then', async () => {
		const cluster = await givenStarting(
			{ number_of_allocations: 5 },
			becomes({ adaptive_allocations: ADAPTIVE }),
		);
		const { items } = await run(cluster, scale(2, { sizeRule: 'atMost' }));
		expect(items).toMatchObject([{ action: 'update', changed: true }]);
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual({
			...ADAPTIVE,
			max_number_of_allocations: 2,
		});
	});

	it('updates what became as it was to become, once', async () => {
		const cluster = await givenStarting({}, becomes({}));
		const { items } = await run(cluster, scale(2));
		expect(items).toEqual([updated('search', 2)]);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('finds the change after a lost answer', async () => {
		const cluster = await givenStarting({}, becomes({}));
		cluster.fault({ kind: 'reset', path: '/_update', after: true });
		const { items } = await run(cluster, scale(2));
		expect(items).toEqual([updated('search', 2)]);
		expect(cluster.deployment('search')?.number_of_allocations).toBe(2);
	});

	it('says why it failed meanwhile, and sends nothing', async () => {
		const cluster = await givenStarting({}, becomes({ state: 'failed', reason: 'no memory' }));
		const result = await run(cluster, scale(2));
		expect(seen(result).message).toMatch(/did not start: .*no memory$/);
		expect(writes(cluster)).toEqual([]);
	});

	it('ends in time where it goes on starting', async () => {
		const cluster = await givenStarting({}, () => undefined);
		const result = await run(cluster, scale(2, { options: { waitTimeout: 1 } }));
		expect(seen(result).message).toBe("The deployment 'search' was not ready after 1 s");
		expect(writes(cluster)).toEqual([]);
	});
});

describe('scale of one that somebody stopped while it started', () => {
	it('is fine under At Most', async () => {
		const cluster = await givenStarting({ number_of_allocations: 5 }, isGone);
		const { items } = await run(cluster, scale(2, { sizeRule: 'atMost' }));
		expect(items).toEqual([absent('search', 'not_deployed')]);
		expect(writes(cluster)).toEqual([]);
	});

	it('says that it is not there', async () => {
		const cluster = await givenStarting({}, isGone);
		const result = await run(cluster, scale(2));
		expect(seen(result).message).toBe(
			"The deployment 'search' is not there: its model is not deployed",
		);
		expect(writes(cluster)).toEqual([]);
	});

	it('starts it again where If Not Running says so', async () => {
		const cluster = await givenStarting({}, isGone);
		const { items } = await run(cluster, scale(2, { ifNotRunning: 'startModel' }));
		expect(items).toEqual([started('search', 2)]);
		expect(writes(cluster)).toHaveLength(1);
	});
});

describe('scale of one that somebody stops between look and change', () => {
	it('decides anew for one deployment', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'effect', path: '/_update', effect: () => isGone(cluster) });
		const { items } = await run(cluster, scale(2, { ifNotRunning: 'startModel' }));
		expect(items).toEqual([started('search', 2)]);
		expect(lines(writes(cluster)).map((line) => line.replace(/.*\/(_\w+).*/, '$1'))).toEqual([
			'_update',
			'_start',
		]);
	});

	it('keeps the words of the cluster where the look shows it still', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		const reason = 'No known model deployment with id [search]';
		const type = 'resource_not_found_exception';
		const body = { error: { root_cause: [], type, reason }, status: 404 };
		cluster.fault({ kind: 'status', status: 404, body, path: '/_update' });
		const result = await run(cluster, scale(2));
		expect(seen(result).message).toBe("No deployment is called 'search'");
		expect(writes(cluster)).toHaveLength(1);
	});

	it('finds it by the memory where this workflow stopped it before', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', queue_capacity: 99 });
		const staticData: IDataObject = {};
		await run(cluster, stop('search'), { staticData });
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'effect', path: '/_update', effect: () => isGone(cluster) });
		const given = scale(2, { ifNotRunning: 'startRemembered' });
		const { items } = await run(cluster, given, { staticData });
		expect(items).toEqual([started('search', 2)]);
		expect(cluster.deployment('search')?.queue_capacity).toBe(99);
	});
});

describe('scale of one that somebody else starts just before', () => {
	it('changes what is there, and still remembers what this workflow stopped', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', queue_capacity: 99 });
		const staticData: IDataObject = {};
		await run(cluster, stop('search'), { staticData });
		const others = { deployment_id: 'search', queue_capacity: 7 };
		const effect = (): void => cluster.addDeployment(others);
		cluster.fault({ kind: 'effect', path: '/_start', effect });
		const given = scale(2, { ifNotRunning: 'startRemembered' });
		const { items } = await run(cluster, given, { staticData });
		expect(items).toEqual([updated('search', 2)]);
		expect(cluster.deployment('search')?.queue_capacity).toBe(7);
		expect(remembered(staticData)).toEqual(['search']);
	});
});

describe('a match of a pattern that vanishes', () => {
	const WHEN: Array<[string, string]> = [
		['before its own look', '/a-2/_stats'],
		['between its look and its change', '/a-2/deployment/_update'],
	];
	async function givenVanishing(path: string, modelId: string): Promise<EmbeddedCluster> {
		const cluster = await givenCluster();
		for (const id of ['a-1', 'a-2', 'a-3']) {
			cluster.addDeployment({ deployment_id: id, model_id: modelId, number_of_allocations: 5 });
		}
		cluster.fault({ kind: 'effect', path, effect: () => cluster.removeDeployment('a-2') });
		return cluster;
	}

	it.each(WHEN)('is small enough for At Most, %s', async (_when, path) => {
		const cluster = await givenVanishing(path, 'my_model');
		const { items } = await run(cluster, matching(2, { sizeRule: 'atMost' }));
		expect(items).toEqual([
			expect.objectContaining({ deployment_id: 'a-1', action: 'update' }),
			absent('a-2', 'not_deployed'),
			expect.objectContaining({ deployment_id: 'a-3', action: 'update' }),
		]);
	});

	it.each(WHEN)('is small enough though its model has others, %s', async (_when, path) => {
		const cluster = await givenVanishing(path, 'a-2');
		const { items } = await run(cluster, matching(2, { sizeRule: 'atMost' }));
		expect(items[1]).toEqual(absent('a-2', 'not_deployed'));
	});

	it.each(WHEN)('is a failure of its own for an exact number, %s', async (_when, path) => {
		const cluster = await givenVanishing(path, 'my_model');
		const result = await run(cluster, matching(2));
		expect(seen(result).message).toBe('1 of 3 deployments was not scaled');
		expect(seen(result).description).toContain('Somebody stopped it just now');
	});
});

describe('one id under At Most that the cluster does not know', () => {
	it('is still an error: it may be a typo', async () => {
		const cluster = await givenCluster();
		const result = await run(cluster, scale(2, { sizeRule: 'atMost' }));
		expect(seen(result).message).toBe("No deployment and no model is called 'search'");
	});
});
