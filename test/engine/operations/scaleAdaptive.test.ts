import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import {
	beforeLook,
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	writes,
} from '../given';
import { asAsked, started, updated } from './outputs';
import { remembered } from './remembered';

const ADAPTIVE = { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 4 };
const held = (number: number) => ({
	enabled: true,
	min_number_of_allocations: number,
	max_number_of_allocations: number,
});

/** Scales to exactly 2. */
const scale = (ifNotRunning: string, options: IDataObject = {}, fields: IDataObject = {}) =>
	parameters('scale', {
		deploymentId: byId('search'),
		numberOfAllocations: 2,
		ifNotRunning,
		options,
		...fields,
	});

const WAYS = ['startRemembered', 'startFromRestore'];

/** A cluster on which this workflow stopped the adaptive deployment 'search'. */
async function givenStopped(adaptive_allocations: IDataObject = ADAPTIVE) {
	const cluster = await givenCluster();
	const queue_capacity = 99;
	cluster.addDeployment({
		deployment_id: 'search',
		model_id: 'my_model',
		queue_capacity,
		adaptive_allocations: adaptive_allocations as typeof ADAPTIVE,
	});
	const staticData: IDataObject = {};
	const { items } = await run(cluster, stop('search'), { staticData });
	cluster.resetLog();
	return { cluster, staticData, items };
}

function starts(cluster: EmbeddedCluster): string[] {
	return lines(writes(cluster)).filter((line) => line.includes('/_start'));
}

describe.each(WAYS)('an exact size for what was adaptive when it was stopped: %s', (way) => {
	it.each([[{}], [{ whenAdaptive: 'error' }]])(
		'starts nothing with the options %j, and says how to go on',
		async (options) => {
			const { cluster, staticData, items } = await givenStopped();
			const result = await run(cluster, scale(way, options), { staticData, items });
			expect(seen(result)).toEqual({
				message:
					"The deployment 'search' was not started: its adaptive allocations were on when it was recorded, which rules out a fixed number",
				description:
					"Set the option 'If Adaptive Allocations Are On' to 'Set Bounds' (the way for Serverless) or 'Turn Off', or choose the 'Allocation Mode' Adaptive.",
			});
			expect(writes(cluster)).toEqual([]);
			expect(remembered(staticData)).toEqual(['search']);
		},
	);

	it('starts it adaptive with equal bounds for Set Bounds, and a second run changes nothing', async () => {
		const { cluster, staticData, items } = await givenStopped();
		const given = scale(way, { whenAdaptive: 'setBounds' });
		const first = await run(cluster, given, { staticData, items });
		expect(first.items).toEqual([started('search', 2)]);
		expect(cluster.deployment('search')).toMatchObject({
			queue_capacity: 99,
			adaptive_allocations: held(2),
		});
		expect(writes(cluster)).toHaveLength(1);
		cluster.resetLog();
		const again = await run(cluster, given, { staticData, items });
		expect(again.items).toEqual([
			asAsked('search', { number_of_allocations: 2, vcpus: 2, vcpus_before: 2 }),
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('starts it with a fixed number for Turn Off', async () => {
		const { cluster, staticData, items } = await givenStopped();
		const given = scale(way, { whenAdaptive: 'turnOff' });
		const result = await run(cluster, given, { staticData, items });
		expect(result.items).toEqual([started('search', 2)]);
		expect(cluster.deployment('search')?.number_of_allocations).toBe(2);
		expect(cluster.deployment('search')?.adaptive_allocations?.enabled).not.toBe(true);
	});

	it('starts it as it was where its bounds hold that number already', async () => {
		const { cluster, staticData, items } = await givenStopped(held(2));
		const result = await run(cluster, scale(way), { staticData, items });
		expect(result.items).toEqual([started('search', 2)]);
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(held(2));
	});

	it('starts one whose adaptive allocations were off', async () => {
		const { cluster, staticData, items } = await givenStopped({ ...ADAPTIVE, enabled: false });
		const result = await run(cluster, scale(way), { staticData, items });
		expect(result.items).toEqual([started('search', 2)]);
	});

	it('shows the same in a dry run', async () => {
		const { cluster, staticData, items } = await givenStopped();
		const dry = { dryRun: true };
		const refused = await run(cluster, scale(way, {}, dry), { staticData, items });
		expect(seen(refused).message).toContain('adaptive allocations were on');
		const bounds = scale(way, { whenAdaptive: 'setBounds' }, dry);
		const shown = await run(cluster, bounds, { staticData, items });
		expect(shown.items).toMatchObject([
			{
				action: 'start',
				number_of_allocations: 2,
				request: { body: { adaptive_allocations: held(2) } },
			},
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('finds after a lost answer that it runs with the bounds', async () => {
		const { cluster, staticData, items } = await givenStopped();
		cluster.fault({ kind: 'reset', path: '/_start', after: true });
		const given = scale(way, { whenAdaptive: 'setBounds' });
		const result = await run(cluster, given, { staticData, items });
		expect(result.items).toEqual([started('search', 2)]);
		expect(starts(cluster)).toHaveLength(1);
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(held(2));
	});

	it('decides anew where somebody else starts it at the same moment', async () => {
		const { cluster, staticData, items } = await givenStopped();
		const other = () =>
			cluster.addDeployment({ deployment_id: 'search', adaptive_allocations: ADAPTIVE });
		beforeLook(cluster, '/search/_stats', 2, other);
		const given = scale(way, { whenAdaptive: 'setBounds' });
		const result = await run(cluster, given, { staticData, items });
		expect(result.items).toMatchObject([{ action: 'update', changed: true }]);
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(held(2));
		expect(starts(cluster)).toEqual([]);
	});
});

describe('an exact size for a pattern of what was stopped', () => {
	it('fails for what was adaptive, and starts the others', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'a-1', adaptive_allocations: ADAPTIVE });
		cluster.addDeployment({ deployment_id: 'a-2' });
		const staticData: IDataObject = {};
		await run(cluster, stopPattern('*'), { staticData });
		const given = parameters('scale', {
			target: 'pattern',
			pattern: 'a-*',
			numberOfAllocations: 2,
			ifNotRunning: 'startRemembered',
		});
		const result = await run(cluster, given, { staticData });
		expect(seen(result).message).toBe('1 of 2 deployments was not scaled');
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [{ deployment_id: 'a-2', action: 'start' }],
					failed: [{ details: { deployment_id: 'a-1' } }],
				},
			},
		});
		expect(remembered(staticData)).toEqual(['a-1']);
		const again = { ...given, options: { whenAdaptive: 'setBounds' } };
		const { items } = await run(cluster, again, { staticData });
		expect(items.map(({ deployment_id, action }) => [deployment_id, action])).toEqual([
			['a-2', 'none'],
			['a-1', 'start'],
		]);
		expect(remembered(staticData)).toEqual([]);
	});
});

describe('on Serverless, where adaptive allocations stay on', () => {
	it.each(WAYS)('holds the number by the bounds that it starts with: %s', async (way) => {
		const cluster = await givenCluster({ version: 'serverless' });
		cluster.addDeployment({ deployment_id: 'search', adaptive_allocations: ADAPTIVE });
		const staticData: IDataObject = {};
		const { items } = await run(cluster, stop('search'), { staticData });
		cluster.resetLog();
		const given = scale(way, { whenAdaptive: 'setBounds' });
		const result = await run(cluster, given, { staticData, items });
		expect(result.items).toEqual([started('search', 2)]);
		expect(cluster.deployment('search')?.adaptive_allocations).toEqual(held(2));
		expect(writes(cluster)).toHaveLength(1);
	});
});

describe('a running adaptive deployment', () => {
	it('meets the same option', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', adaptive_allocations: ADAPTIVE });
		const refused = await run(cluster, scale('error'));
		expect(seen(refused).message).toContain('adaptive allocations are on');
		const { items } = await run(cluster, scale('error', { whenAdaptive: 'turnOff' }));
		expect(items).toEqual([updated('search', 2)]);
	});
});
