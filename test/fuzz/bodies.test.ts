import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../cluster';
import { byId, credentialFor, givenCluster, parameters, theEngine } from '../engine/given';
import { beginCluster } from '../given';
import { answersOf, type Answers } from './answers';
import { broken } from './lawful';
import { quickenTime } from './quickTime';
import { HANGS_MS, runs } from './runs';
import { anything, mutated } from './values';

/** Items of one run, each about a deployment of its own, whose answers are changed in their own way. */
const AT_ONCE = 25;
const idAt = (place: number): string => `fz-${place}`;

let answers: Answers;

beforeAll(async () => {
	answers = await answersOf(await beginCluster({ version: '9.2' }));
});
beforeEach(() => quickenTime(20));
afterEach(() => jest.restoreAllMocks());

/** An answer that comes in place of the cluster's own. */
interface Wrong {
	path: string;
	status: number;
	body: unknown;
	skip: number;
	times: number;
}

function like(valid: unknown): fc.Arbitrary<unknown> {
	return fc.oneof(
		{ weight: 1, arbitrary: anything },
		{ weight: 1, arbitrary: mutated(answers.refusal) },
		{ weight: 8, arbitrary: mutated(valid) },
	);
}

/** @param paths ends of the paths that may be hit, with a valid answer of each */
function wrong(paths: Readonly<Record<string, unknown>>): fc.Arbitrary<Wrong> {
	return fc.constantFrom(...Object.keys(paths)).chain((path) =>
		fc.record({
			path: fc.constant(path),
			status: fc.constantFrom(...[200, 200, 200, 200, 201, 400, 404, 409, 429, 500, 503]),
			body: like(paths[path]),
			skip: fc.nat(1),
			times: fc.integer({ min: 1, max: 2 }),
		}),
	);
}

function script(cluster: EmbeddedCluster, { body, ...rule }: Wrong, id: string): void {
	const given = typeof body === 'object' && body !== null ? body : String(JSON.stringify(body));
	// The answers are about `fz-1`; each item asks for another one.
	const own: unknown = JSON.parse(JSON.stringify(given).replaceAll('"fz-1"', JSON.stringify(id)));
	cluster.fault({ ...rule, kind: 'status', body: own as object | string });
}

async function runAll(
	cluster: EmbeddedCluster,
	operation: string,
	fields: IDataObject,
	staticData: IDataObject = {},
): Promise<string[]> {
	const options = { retries: 0, requestTimeout: 20, waitTimeout: 5, maxConcurrency: AT_ONCE };
	const { options: more, ...others } = fields;
	const result = await theEngine().runNode({
		parameters: parameters(operation, {
			...others,
			options: { ...options, ...(more as IDataObject) },
		}),
		items: Array.from({ length: AT_ONCE }, (_, place) => ({ id: idAt(place) })),
		credentials: credentialFor(cluster),
		onError: 'continueRegularOutput',
		staticData,
	});
	cluster.clearFaults();
	return broken(result, cluster, theEngine().logs);
}

function refill(cluster: EmbeddedCluster, there = true): void {
	for (const { deployment_id: id } of cluster.deployments()) cluster.removeDeployment(id);
	for (let place = 0; place < AT_ONCE; place++) {
		cluster.addModel({ model_id: idAt(place) });
		if (there) cluster.addDeployment({ deployment_id: idAt(place), number_of_allocations: 2 });
	}
}

/** Operations of one deployment, and the requests that they send besides the look. */
const BY_ID: Array<[name: string, operation: string, fields: IDataObject, paths: string[]]> = [
	['Get', 'get', { output: 'full' }, []],
	['Wait Until Ready', 'waitUntilReady', { output: 'full', options: { probe: 'x' } }, ['_infer']],
	['Clear Cache', 'clearCache', {}, ['cache/_clear']],
	['Infer', 'infer', { text: 'x' }, ['_infer']],
	[
		'Update',
		'update',
		{ numberOfAllocations: 3, options: { waitFor: 'fully_allocated' } },
		['_update'],
	],
	['Stop', 'stop', { options: { details: true, onlyIfIdleMinutes: 0 } }, ['_stop']],
	['Stop without running it', 'stop', { dryRun: true, options: { details: true } }, []],
	['Scale', 'scale', { numberOfAllocations: 3, options: { details: true } }, ['_update']],
	['Scale to 0', 'scale', { numberOfAllocations: 0 }, ['_stop']],
	[
		'Scale of what is absent',
		'scale',
		{ numberOfAllocations: 3, ifNotRunning: 'startModel' },
		['_start', '_update'],
	],
	['Start', 'start', { modelId: byId('={{ $json.id }}'), numberOfAllocations: 3 }, ['_start']],
	['Start without running it', 'start', { modelId: byId('={{ $json.id }}'), dryRun: true }, []],
];

describe('any JSON in any place of what the cluster answers', () => {
	it.each(BY_ID)(
		'ends %s with an output or a message',
		async (name, operation, fields, ends) => {
			const [one, , hidden, failing] = answers.stats;
			const bodies: Record<string, unknown> = {
				_infer: answers.result,
				'cache/_clear': answers.cleared,
				_update: answers.assignment,
				_start: answers.assignment,
				_stop: answers.stopped,
			};
			const paths = Object.fromEntries(ends.map((end) => [end, bodies[end]]));
			const each = fc.oneof(
				...[one, hidden, failing].map((stats) => wrong({ _stats: stats, ...paths })),
			);
			const cluster = await givenCluster({ version: '9.2' });
			await fc.assert(
				fc.asyncProperty(
					fc.array(fc.array(each, { minLength: 1, maxLength: 2 }), {
						minLength: AT_ONCE,
						maxLength: AT_ONCE,
					}),
					async (scripts) => {
						refill(cluster, !/^Start|absent/.test(name));
						scripts.forEach((some, place) =>
							some.forEach((rule) => {
								const path = `/${idAt(place)}/${/_start|_stop|_upd|cache/.test(rule.path) ? 'deployment/' : ''}${rule.path}`;
								script(cluster, { ...rule, path }, idAt(place));
							}),
						);
						const deploymentId = byId('={{ $json.id }}');
						expect(await runAll(cluster, operation, { deploymentId, ...fields })).toEqual([]);
					},
				),
				runs(1),
			);
		},
		HANGS_MS,
	);

	it.each<[string, string, IDataObject]>([
		['Get Many', 'getMany', { returnAll: true, output: 'full' }],
		['Get Many of what is missing', 'getMany', { returnAll: true, filters: { state: 'missing' } }],
		['Stop by pattern', 'stop', { target: 'pattern', pattern: 'fz-1,fz-2*', dryRun: false }],
		[
			'Scale by pattern',
			'scale',
			{ target: 'pattern', pattern: 'fz-1,fz-2*', numberOfAllocations: 3 },
		],
	])(
		'ends %s with an output or a message',
		async (_name, operation, fields) => {
			const each = wrong({
				'trained_models/_stats': answers.stats[1],
				'/_inference/_all': answers.endpoints,
			});
			const cluster = await givenCluster({ version: '9.2' });
			await fc.assert(
				fc.asyncProperty(fc.array(each, { minLength: 1, maxLength: 8 }), async (rules) => {
					refill(cluster);
					for (const rule of rules) script(cluster, rule, 'fz-1');
					expect(await runAll(cluster, operation, fields)).toEqual([]);
				}),
				runs(2),
			);
		},
		HANGS_MS,
	);
});
