import type { IDataObject } from 'n8n-workflow';

import type { DeploymentSeed } from '../../cluster';
import {
	byId,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	update,
	writes,
} from '../given';
import { asAsked, nothing, stopped, updated } from './outputs';

const MINUTE = 60_000;
const TEN_KEYS = Object.keys(stopped('x'));
const ADAPTIVE = { enabled: true, min_number_of_allocations: 1, max_number_of_allocations: 4 };

async function givenAll(...seeds: DeploymentSeed[]) {
	const cluster = await givenCluster();
	const start_time = cluster.now() - 600 * MINUTE;
	for (const seed of seeds) cluster.addDeployment({ start_time, ...seed });
	return cluster;
}

const scaleAll = (number: number, fields: IDataObject = {}) =>
	parameters('scale', {
		target: 'pattern',
		pattern: '_all',
		numberOfAllocations: number,
		...fields,
	});

const said = ({ hints }: Awaited<ReturnType<typeof run>>) => hints.map(({ message }) => message);

describe('the hint over the output', () => {
	it.each([
		['stops', stopPattern('_all'), 'Stopped 3 of 3, 7 vCPUs free.'],
		[
			'stops some',
			stopPattern('_all', { exclude: 'a,c' }),
			"Stopped 1 of 3, 4 vCPUs free. Left alone: 'a', 'c' (excluded).",
		],
		[
			'would stop',
			stopPattern('_all', { minAgeMinutes: 30, exclude: 'a' }, { dryRun: true }),
			"Dry run, nothing was changed: would stop 2, 6 vCPUs free. Left alone: 'a' (excluded).",
		],
		[
			'would stop nothing',
			stopPattern('_all', { exclude: '*' }, { dryRun: true }),
			"Dry run, nothing was changed: nothing would change. Left alone: 'a', 'b', 'c' (excluded).",
		],
		['scales', scaleAll(2), 'Updated 2 of 3, 3 vCPUs more.'],
		['shrinks', scaleAll(1, { sizeRule: 'atMost' }), 'Updated 1 of 3, 2 vCPUs free.'],
		['changes nothing', scaleAll(1, { sizeRule: 'atLeast' }), 'Nothing had to be changed.'],
		['stops one', stop('a'), 'Stopped 1 of 1, 1 vCPU free.'],
	])('says in one line what a run that %s did', async (_name, given, hint) => {
		const cluster = await givenAll(
			{ deployment_id: 'a' },
			{ deployment_id: 'b', number_of_allocations: 2, threads_per_allocation: 2 },
			{ deployment_id: 'c', threads_per_allocation: 2 },
		);
		const result = await run(cluster, given);
		expect(said(result)).toEqual([hint]);
	});

	it('counts what was refused where the run goes on', async () => {
		const cluster = await givenAll({ deployment_id: 'a' }, { deployment_id: 'b' });
		cluster.addPipeline({ id: 'docs', model_id: 'b' });
		const result = await run(cluster, stopPattern('_all', { whenSomeFail: 'goOn' }));
		expect(said(result)).toEqual(['Stopped 1 of 2, 1 vCPU free.']);
	});

	it('names each reason why something was left alone', async () => {
		const cluster = await givenAll(
			{ deployment_id: 'a', last_access: Date.now() },
			{ deployment_id: 'b', start_time: Date.now() },
			{ deployment_id: 'c', created_by_endpoint: true },
			{ deployment_id: 'd' },
		);
		const options = { onlyIfIdleMinutes: 30, minAgeMinutes: 30, exclude: 'd' };
		const result = await run(cluster, stopPattern('_all', options));
		expect(said(result)).toEqual([
			"Nothing had to be changed. Left alone: 'd' (excluded), 'c' (endpoint_owned), 'a' (not_idle), 'b' (too_young).",
		]);
	});

	it('says where nothing matches', async () => {
		const cluster = await givenAll();
		const hint = "No deployment matches 'a*', so nothing was changed.";
		expect(said(await run(cluster, stopPattern('a*')))).toEqual([hint]);
	});
});

describe('Add Details', () => {
	const whole = (number: number, adaptive_allocations: IDataObject | null = null) => ({
		state: 'started',
		number_of_allocations: number,
		threads_per_allocation: 2,
		adaptive_allocations,
	});
	const gone = {
		state: 'not_deployed',
		number_of_allocations: 0,
		threads_per_allocation: null,
		adaptive_allocations: null,
	};
	const given = (details: boolean | undefined) => ({ ...(details !== undefined && { details }) });

	async function givenSearch(other: Partial<DeploymentSeed> = {}) {
		const seed = { model_id: 'my_model', threads_per_allocation: 2, ...other };
		return await givenAll({ deployment_id: 'search', ...seed });
	}

	it.each([undefined, false])('are not in an output if the option is %j', async (details) => {
		const cluster = await givenSearch();
		const { items } = await run(cluster, stop('search', given(details)));
		expect(items.map((item) => Object.keys(item))).toEqual([TEN_KEYS]);
	});

	it('tell model and settings of a stop', async () => {
		const cluster = await givenSearch({ adaptive_allocations: ADAPTIVE });
		const { items } = await run(cluster, stop('search', given(true)));
		expect(items).toEqual([
			stopped('search', {
				vcpus_before: 2,
				details: { model_id: 'my_model', before: whole(1, ADAPTIVE), after: gone },
			}),
		]);
	});

	it('tell how the end of a stop was found out where its answer got lost', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'reset', path: /_stop$/, after: true });
		const { items } = await run(cluster, stop('search', given(true)));
		expect(items).toMatchObject([{ action: 'stop', details: { confirmed_by: 'stats' } }]);
	});

	it('tell model and settings of a scale, and of one that changed nothing', async () => {
		const cluster = await givenSearch();
		const scale = scaleAll(3, { options: { details: true } });
		expect((await run(cluster, scale)).items).toEqual([
			updated('search', 3, {
				...{ vcpus: 6, vcpus_before: 2 },
				details: { model_id: 'my_model', before: whole(1), after: whole(3) },
			}),
		]);
		expect((await run(cluster, scale)).items).toEqual([
			asAsked('search', {
				...{ number_of_allocations: 3, vcpus: 6, vcpus_before: 6 },
				details: { model_id: 'my_model', before: whole(3), after: whole(3) },
			}),
		]);
	});

	it('tell that the inference API did it', async () => {
		const cluster = await givenSearch({ created_by_endpoint: true });
		const options = { details: true, whenEndpointOwned: 'inferenceApi' };
		const scale = { deploymentId: byId('search'), numberOfAllocations: 2, options };
		const { items } = await run(cluster, parameters('scale', scale));
		expect(items).toMatchObject([
			{ action: 'update', details: { changed_through: 'inference_api', after: whole(2) } },
		]);
	});

	it('are in the outputs of the error data too', async () => {
		const cluster = await givenAll({ deployment_id: 'a' }, { deployment_id: 'b' });
		cluster.addPipeline({ id: 'docs', model_id: 'b' });
		const result = await run(cluster, stopPattern('_all', { details: true }));
		expect(result.error).toMatchObject({
			context: { data: { done: [{ deployment_id: 'a', details: { after: gone } }] } },
		});
	});

	it('stand behind the ten keys in every output of a pattern', async () => {
		const cluster = await givenAll({ deployment_id: 'a' }, { deployment_id: 'b' });
		const { items } = await run(cluster, stopPattern('a,b,nope', { details: true, exclude: 'b' }));
		for (const item of items) expect(Object.keys(item).slice(0, 10)).toEqual(TEN_KEYS);
		expect(items.map(({ details }) => (details as IDataObject).model_id)).toEqual([
			null,
			expect.any(String),
			expect.any(String),
		]);
	});

	it('have no part in an Update that does not ask for them', async () => {
		const cluster = await givenSearch();
		const { items } = await run(cluster, update('search', { numberOfAllocations: 2 }));
		expect(items[0]).not.toHaveProperty('details');
	});
});

describe('Fail If Nothing Matches', () => {
	const NONE = "No deployment matches 'nope-*', so nothing was changed";

	it.each([
		['No', true],
		['absent', undefined],
	])('set to %s: one item says that nothing matches', async (_name, allowNoMatch) => {
		const cluster = await givenAll({ deployment_id: 'a' });
		const options = { ...(allowNoMatch !== undefined && { allowNoMatch }) };
		const { items } = await run(cluster, stopPattern('nope-*', options));
		expect(items).toEqual([nothing('no_match', { warnings: ["Nothing matches 'nope-*'"] })]);
	});

	it('set to Yes: an error before anything is stopped, for a part of a list too', async () => {
		const cluster = await givenAll({ deployment_id: 'a' });
		for (const pattern of ['nope-*', 'a,nope-*']) {
			const result = await run(cluster, stopPattern(pattern, { allowNoMatch: false }));
			expect(seen(result)).toEqual({
				message: NONE,
				description:
					"Check the pattern with the operation Get Many; a stopped deployment matches nothing. If that may be, set the option 'Fail If Nothing Matches' to No.",
			});
		}
		expect(writes(cluster)).toEqual([]);
	});

	it('has no part in Scale: nothing to scale is always an error', async () => {
		const cluster = await givenAll({ deployment_id: 'a' });
		const fields = { target: 'pattern', pattern: 'nope-*', options: { allowNoMatch: true } };
		for (const numberOfAllocations of [0, 2]) {
			const result = await run(cluster, parameters('scale', { ...fields, numberOfAllocations }));
			expect(seen(result).message).toBe(NONE);
			expect(seen(result).description).not.toContain('Fail If Nothing Matches');
		}
		expect(lines(writes(cluster))).toEqual([]);
	});
});
