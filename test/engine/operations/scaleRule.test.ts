import type { IDataObject } from 'n8n-workflow';

import type { DeploymentSeed } from '../../cluster';
import { byId, givenCluster, lines, parameters, run, seen, stop, writes } from '../given';
import { absent, asAsked, RESTORE, updated } from './outputs';

const scale = (sizeRule: string, number: unknown, fields: IDataObject = {}) =>
	parameters('scale', {
		deploymentId: byId('search'),
		sizeRule,
		numberOfAllocations: number as number,
		...fields,
	});

async function givenSearch(seed: Partial<DeploymentSeed> = {}) {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search', ...seed });
	return cluster;
}

/** Bounds as they are stored and sent. */
const bounds = (min?: number, max?: number, enabled = true) => ({
	enabled,
	...(min !== undefined && { min_number_of_allocations: min }),
	...(max !== undefined && { max_number_of_allocations: max }),
});

const FIXED = { number_of_allocations: 3 };
const ADAPTIVE = { number_of_allocations: 3, adaptive_allocations: bounds(2, 4) };
const UNBOUNDED = { number_of_allocations: 3, adaptive_allocations: bounds() };
const SWITCHED_OFF = { number_of_allocations: 3, adaptive_allocations: bounds(2, 4, false) };

const number = (wanted: number) => ({ number_of_allocations: wanted });
const adaptive = (min?: number, max?: number) => ({ adaptive_allocations: bounds(min, max) });

/** The body of the one request, or undefined if nothing has to be changed. */
const TABLE: Array<[string, Partial<DeploymentSeed>, string, number, object | undefined]> = [
	['a fixed 3', FIXED, 'exactly', 2, number(2)],
	['a fixed 3', FIXED, 'exactly', 3, undefined],
	['a fixed 3', FIXED, 'exactly', 4, number(4)],
	['a fixed 3', FIXED, 'atLeast', 2, undefined],
	['a fixed 3', FIXED, 'atLeast', 3, undefined],
	['a fixed 3', FIXED, 'atLeast', 4, number(4)],
	['a fixed 3', FIXED, 'atMost', 2, number(2)],
	['a fixed 3', FIXED, 'atMost', 3, undefined],
	['a fixed 3', FIXED, 'atMost', 4, undefined],
	['a 3 whose adaptive is off', SWITCHED_OFF, 'atLeast', 4, number(4)],
	['a 3 whose adaptive is off', SWITCHED_OFF, 'atMost', 3, undefined],
	['an adaptive 2 to 4', ADAPTIVE, 'atLeast', 2, undefined],
	['an adaptive 2 to 4', ADAPTIVE, 'atLeast', 3, adaptive(3)],
	['an adaptive 2 to 4', ADAPTIVE, 'atLeast', 4, adaptive(4)],
	['an adaptive 2 to 4', ADAPTIVE, 'atLeast', 5, adaptive(5, 5)],
	['an adaptive 2 to 4', ADAPTIVE, 'atMost', 4, undefined],
	['an adaptive 2 to 4', ADAPTIVE, 'atMost', 3, adaptive(undefined, 3)],
	['an adaptive 2 to 4', ADAPTIVE, 'atMost', 2, adaptive(undefined, 2)],
	['an adaptive 2 to 4', ADAPTIVE, 'atMost', 1, adaptive(1, 1)],
	['an adaptive one without bounds', UNBOUNDED, 'atLeast', 2, adaptive(2)],
	['an adaptive one without bounds', UNBOUNDED, 'atMost', 2, adaptive(undefined, 2)],
];

describe('Size Rule', () => {
	it.each(TABLE)('brings %s (%j) to %s %d by %j', async (_name, seed, rule, wanted, body) => {
		const cluster = await givenSearch(seed);
		const given = scale(rule, wanted);

		const dry = await run(cluster, { ...given, dryRun: true });
		expect(dry.items).toMatchObject([
			{
				action: body === undefined ? 'none' : 'update',
				request: body === undefined ? null : { method: 'POST', body },
			},
		]);
		expect(writes(cluster)).toEqual([]);

		const { items } = await run(cluster, given);
		expect(writes(cluster).map((each) => each.body)).toEqual(body === undefined ? [] : [body]);
		const isFixed = body !== undefined && 'number_of_allocations' in body;
		// The scaler moves the number into new bounds by itself, at its next look.
		const after = isFixed ? wanted : 3;
		const size = { number_of_allocations: after, vcpus: after, vcpus_before: 3 };
		expect(items).toEqual([
			body === undefined ? asAsked('search', size) : updated('search', after, size),
		]);

		await cluster.advance(30_000);
		cluster.resetLog();
		expect((await run(cluster, given)).items).toMatchObject([{ action: 'none', changed: false }]);
		expect(writes(cluster)).toEqual([]);
	});

	it.each([1, 2, 3, 4, 7])('never shrinks anything under At Least %d', async (wanted) => {
		const seeds: Array<Partial<DeploymentSeed>> = [FIXED, ADAPTIVE, UNBOUNDED, SWITCHED_OFF];
		for (const seed of seeds) {
			const cluster = await givenSearch(seed);
			await run(cluster, scale('atLeast', wanted));
			const now = cluster.deployment('search');
			expect(now?.number_of_allocations).toBeGreaterThanOrEqual(3);
			for (const bound of ['min_number_of_allocations', 'max_number_of_allocations'] as const) {
				const before = seed.adaptive_allocations?.[bound];
				if (before === undefined) continue;
				expect(now?.adaptive_allocations?.[bound]).toBeGreaterThanOrEqual(before);
			}
			await cluster.close();
		}
	});

	it.each([
		['setBounds', adaptive(2, 2)],
		['turnOff', { number_of_allocations: 2, adaptive_allocations: { enabled: false } }],
	])('asks Exactly of an adaptive one as %s says', async (whenAdaptive, body) => {
		const cluster = await givenSearch(ADAPTIVE);
		const refused = await run(cluster, scale('exactly', 2));
		expect(seen(refused).description).toContain("'If Adaptive Allocations Are On'");
		cluster.resetLog();
		await run(cluster, scale('exactly', 2, { options: { whenAdaptive } }));
		expect(writes(cluster).map((each) => each.body)).toEqual([number(2), body]);
	});

	it.each([
		['exactly', 'setBounds'],
		['atLeast', 'turnOff'],
		['atMost', 'turnOff'],
	])(
		'keeps adaptive allocations on under %s, though the option says %s',
		async (rule, whenAdaptive) => {
			const cluster = await givenSearch(ADAPTIVE);
			await run(cluster, scale(rule, 3, { options: { whenAdaptive } }));
			expect(cluster.deployment('search')?.adaptive_allocations?.enabled).toBe(true);
		},
	);

	it.each(['atLeast', 'atMost'])('refuses 0 under %s before anything is sent', async (rule) => {
		const cluster = await givenSearch();
		for (const zero of [0, '0', '={{ 0 }}']) {
			expect(seen(await run(cluster, scale(rule, zero)))).toEqual({
				message: "'Number of Allocations' is 0, but 'Size Rule' is not Exactly",
				description: "To stop it, set 'Size Rule' to Exactly. Else enter 1 or more.",
			});
		}
		expect(cluster.requests).toEqual([]);
	});

	it('is Exactly in a node that never chose one', async () => {
		const cluster = await givenSearch(FIXED);
		const { items } = await run(
			cluster,
			parameters('scale', { deploymentId: byId('search'), numberOfAllocations: 2 }),
		);
		expect(items).toEqual([updated('search', 2, { vcpus_before: 3 })]);
	});

	it('holds for each match of a pattern', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'a-1', number_of_allocations: 1 });
		cluster.addDeployment({ deployment_id: 'a-2', number_of_allocations: 4 });
		cluster.addDeployment({ deployment_id: 'a-3', ...ADAPTIVE });
		const fields = {
			target: 'pattern',
			pattern: 'a-*',
			sizeRule: 'atMost',
			numberOfAllocations: 2,
		};
		const { items } = await run(cluster, parameters('scale', fields));
		expect(items).toEqual([
			asAsked('a-1'),
			updated('a-2', 2, { vcpus_before: 4 }),
			updated('a-3', 3, { vcpus_before: 3 }),
		]);
		expect(writes(cluster).map((each) => each.body)).toEqual([number(2), adaptive(undefined, 2)]);
	});
});

describe('At Most of what is absent', () => {
	it('is fine for a known model: nothing is as little as it gets', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		const { items } = await run(cluster, scale('atMost', 2));
		expect(items).toEqual([absent('search', 'not_deployed')]);
		expect(writes(cluster)).toEqual([]);
	});

	it('starts nothing, whatever a hidden field says', async () => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'search' });
		const { items } = await run(cluster, scale('atMost', 2, { ifNotRunning: 'startModel' }));
		expect(items).toEqual([absent('search', 'not_deployed')]);
		expect(writes(cluster)).toEqual([]);
	});

	it('hands on the restore of what this workflow stopped', async () => {
		const cluster = await givenSearch({ model_id: 'my_model' });
		const staticData = {};
		const evening = await run(cluster, stop('search'), { staticData });
		const { items } = await run(cluster, scale('atMost', 2), { staticData });
		expect(items).toEqual([absent('search', 'not_deployed', { restore: RESTORE })]);
		expect(items[0].restore).toBe(evening.items[0].restore);
	});

	it('is an error for an id that nobody knows', async () => {
		const cluster = await givenCluster();
		const result = await run(cluster, scale('atMost', 2));
		expect(seen(result).message).toBe("No deployment and no model is called 'search'");
		expect(writes(cluster)).toEqual([]);
	});

	it("is an error for a model's id, and names its deployments", async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'for-search', model_id: 'search' });
		const result = await run(cluster, scale('atMost', 2));
		expect(seen(result).description).toContain("'for-search'");
		expect(lines(writes(cluster))).toEqual([]);
	});
});
