import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import {
	beforeLook,
	byId,
	credentialFor,
	givenCluster,
	lines,
	parameters,
	run,
	seen,
	settingsOf,
	stop,
	stopPattern,
	theEngine,
	writes,
} from '../given';
import { restoreWith } from '../restoreText';
import { absent, asAsked, nothing, started } from './outputs';

const recall = (fields: IDataObject = {}, options: IDataObject = {}) =>
	parameters('start', { startFrom: 'remembered', ...fields, options });

const NODE = 'n8n-nodes-elasticsearch-ml.mlDeployment';

const noAnswer = { assignment: null };
const answered = { assignment: expect.objectContaining({ assignment_state: expect.any(String) }) };

/** What the workflow remembers, as n8n keeps it between two runs. */
interface Kept extends IDataObject {
	global?: { mlDeployments?: { stopped: string[]; dropped: IDataObject[]; clusters: string[] } };
}

async function givenDeployments(...ids: string[]): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	for (const id of ids) cluster.addDeployment({ deployment_id: id });
	return cluster;
}

/** An evening: all are stopped, and the workflow remembers them. */
async function givenStopped(...ids: string[]) {
	const cluster = await givenDeployments(...ids);
	const staticData: Kept = {};
	await run(cluster, stopPattern('*'), { staticData });
	expect(remembered(staticData)).toEqual(ids);
	cluster.resetLog();
	return { cluster, staticData };
}

function remembered({ global }: Kept): unknown[] {
	const stopped = global?.mlDeployments?.stopped ?? [];
	return stopped.map((each) => (JSON.parse(each) as IDataObject).deployment_id);
}

const NOT_REMEMBERED = (id: string) => `This workflow does not remember stopping '${id}'`;
/** The same for a pattern. */
const NONE_REMEMBERED: Readonly<Record<string, string>> = {
	'*': 'This workflow does not remember stopping anything',
	_all: 'This workflow does not remember stopping anything',
	'a*': "This workflow does not remember stopping anything that matches 'a*'",
};
const LOOK_ELSEWHERE =
	"Runs by hand are not remembered, nor what another workflow or a copy of this one stopped; and in queue mode n8n hands its workers no memory, so put Stop and Start into one sub-workflow there, or use the example office-hours-with-table. Look for its 'restore' in the output of the run that stopped it, under Executions, and start it with 'Start From' Restore.";

describe('start of what this workflow stopped', () => {
	it('brings all back as they were, and forgets them', async () => {
		const cluster = await givenCluster();
		const adaptive_allocations = { enabled: true, min_number_of_allocations: 2 };
		cluster.addDeployment({
			deployment_id: 'search',
			model_id: 'my_model',
			number_of_allocations: 2,
			threads_per_allocation: 4,
		});
		cluster.addDeployment({ deployment_id: 'batch', adaptive_allocations });
		const before = ['search', 'batch'].map((id) => settingsOf(cluster.deployment(id)));
		const staticData: Kept = {};
		await run(cluster, stopPattern('search'), { staticData });
		const toZero = parameters('scale', { deploymentId: byId('batch'), numberOfAllocations: 0 });
		await run(cluster, toZero, { staticData });
		const { items, hints } = await run(cluster, recall(), { staticData });
		expect(items).toEqual([
			started('search', 2, { vcpus: 8, state: 'started', ...answered }),
			started('batch', 2, { state: 'started', ...answered }),
		]);
		expect(hints).toMatchObject([
			{ message: expect.stringMatching(/^Started 2 of 2, 10 vCPUs more\./) },
		]);
		expect(['search', 'batch'].map((id) => settingsOf(cluster.deployment(id)))).toEqual(before);
		expect(remembered(staticData)).toEqual([]);
	});

	it('takes a pattern and exact ids, and leaves the others remembered', async () => {
		const { cluster, staticData } = await givenStopped('a1', 'a2', 'b1', 'b2');
		const { items } = await run(cluster, recall({ pattern: 'a*,b2' }), { staticData });
		expect(items).toMatchObject([
			{ deployment_id: 'a1', action: 'start' },
			{ deployment_id: 'a2', action: 'start' },
			{ deployment_id: 'b2', action: 'start' },
		]);
		expect(remembered(staticData)).toEqual(['b1']);
	});

	it('finds what the same run by hand stopped, though that is not saved', async () => {
		const cluster = await givenDeployments('search');
		const staticData: Kept = {};
		const node = (name: string, given: INodeParameters, type = NODE, typeVersion = 1) => ({
			id: name,
			name,
			type,
			typeVersion,
			position: [0, 0] as [number, number],
			parameters: given,
		});
		const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
		const result = await theEngine().runWorkflow({
			workflow: {
				nodes: [
					node('By Hand', {}, 'n8n-nodes-base.manualTrigger'),
					node('Stop', stop('search')),
					node('Start', recall()),
				],
				connections: { 'By Hand': to('Stop'), Stop: to('Start') },
			},
			credentials: { elasticsearchMlApi: credentialFor(cluster) },
			mode: 'manual',
			staticData,
		});
		expect(result.items).toMatchObject([{ deployment_id: 'search', action: 'start' }]);
		expect(result.hints[0].message).toBe(
			'Stopped 1 of 1, 1 vCPU free. This run by hand is not remembered: only later nodes of it can start again what it stopped, so keep its restore.',
		);
		expect(staticData).toEqual({});
	});
});

describe('what is not remembered', () => {
	it.each(['*', '_all', 'a*', 'a'])(
		'is an error that says where else to look, if nothing was ever stopped: %s',
		async (pattern) => {
			const cluster = await givenCluster();
			const result = await run(cluster, recall({ pattern }), { staticData: {} });
			expect(seen(result)).toEqual({
				message: NONE_REMEMBERED[pattern] ?? NOT_REMEMBERED(pattern),
				description: LOOK_ELSEWHERE,
			});
			expect(writes(cluster)).toEqual([]);
		},
	);

	it('is one output if all was started again', async () => {
		const { cluster, staticData } = await givenStopped('a', 'b');
		await run(cluster, recall(), { staticData });
		const { items } = await run(cluster, recall(), { staticData });
		expect(items).toEqual([nothing('nothing_to_restore', noAnswer)]);
	});

	it('is one output after an evening that found nothing to stop', async () => {
		const cluster = await givenCluster();
		const staticData: Kept = {};
		await run(cluster, stopPattern('*'), { staticData });
		const { items } = await run(cluster, recall(), { staticData });
		expect(items).toEqual([nothing('nothing_to_restore', noAnswer)]);
	});

	it('is nothing to do if an exact id runs, and an error if it does not', async () => {
		const { cluster, staticData } = await givenStopped('a');
		cluster.addDeployment({ deployment_id: 'b', number_of_allocations: 2 });
		const { items } = await run(cluster, recall({ pattern: 'b' }), { staticData });
		expect(items).toEqual([
			asAsked('b', {
				reason: 'nothing_to_restore',
				number_of_allocations: 2,
				vcpus: 2,
				vcpus_before: 2,
				...noAnswer,
			}),
		]);
		const wrong = await run(cluster, recall({ pattern: 'c' }), { staticData });
		expect(seen(wrong)).toEqual({ message: NOT_REMEMBERED('c'), description: LOOK_ELSEWHERE });
	});

	describe.each([
		['that is not remembered', NOT_REMEMBERED('b')],
		[
			'that had to make room',
			"The settings of 'b' are no longer remembered: this workflow stopped more than it can keep",
		],
	])('an exact id %s', (_which, forgotten) => {
		/** 'a' was stopped and is remembered; 'b' is not, or had to make room. */
		async function givenForgotten() {
			const { cluster, staticData } = await givenStopped('a');
			const memory = staticData.global?.mlDeployments;
			if (!forgotten.startsWith('This workflow')) {
				memory?.dropped.push({ cluster: memory.clusters[0], deployment_id: 'b' });
			}
			return { cluster, staticData };
		}
		const dropped = ({ global }: Kept) => global?.mlDeployments?.dropped.length ?? 0;
		const fails = (result: Awaited<ReturnType<typeof run>>, message: string) => {
			expect(result.error?.context?.data).toMatchObject({
				done: [{ deployment_id: 'a', action: 'start' }],
				failed: [{ error: message, details: { deployment_id: 'b' } }],
			});
		};

		it('is an error if it failed, and says so', async () => {
			const { cluster, staticData } = await givenForgotten();
			const before = dropped(staticData);
			cluster.addDeployment({ deployment_id: 'b', state: 'failed', reason: 'no memory' });
			const result = await run(cluster, recall({ pattern: 'b' }), { staticData });
			expect(seen(result).message).toMatch(
				/^The deployment 'b' exists but did not start: .*no memory$/,
			);
			expect(seen(result).description).toContain('Stop it first');
			expect(dropped(staticData)).toBe(before);
		});

		it('is waited for while it is stopping, after the others are started', async () => {
			const { cluster, staticData } = await givenForgotten();
			cluster.addDeployment({ deployment_id: 'b', state: 'stopping' });
			beforeLook(cluster, '/b/_stats', 2, () => {
				expect(cluster.deployment('a')).toBeDefined();
				cluster.removeDeployment('b');
			});
			const result = await run(cluster, recall({ pattern: 'b,a' }), { staticData });
			fails(result, forgotten);
			expect(lines(writes(cluster)).filter((line) => line.includes('_start'))).toHaveLength(1);
		});

		it('is nothing to do if somebody starts it again while it is stopping', async () => {
			const { cluster, staticData } = await givenForgotten();
			cluster.addDeployment({ deployment_id: 'b', state: 'stopping' });
			const start_time = cluster.now() + 1;
			beforeLook(cluster, '/b/_stats', 2, () => {
				cluster.addDeployment({ deployment_id: 'b', start_time });
			});
			const { items } = await run(cluster, recall({ pattern: 'b' }), { staticData });
			expect(items).toEqual([asAsked('b', { reason: 'nothing_to_restore', ...noAnswer })]);
			expect(dropped(staticData)).toBe(0);
		});

		it('is an error if it is still stopping when the time is over', async () => {
			const { cluster, staticData } = await givenForgotten();
			const before = dropped(staticData);
			cluster.addDeployment({ deployment_id: 'b', state: 'stopping' });
			const given = recall({ pattern: 'b' }, { waitTimeout: 1 });
			const result = await run(cluster, given, { staticData });
			expect(seen(result).message).toBe(
				"The deployment 'b' is still stopping after 1 s, so it was not started",
			);
			expect(dropped(staticData)).toBe(before);
		});

		it('is not waited for in a dry run, which tells what a start would', async () => {
			const { cluster, staticData } = await givenForgotten();
			cluster.addDeployment({ deployment_id: 'b', state: 'stopping' });
			const given = recall({ pattern: 'b', dryRun: true });
			const stopping = await run(cluster, given, { staticData });
			expect(seen(stopping).message).toBe(forgotten);
			cluster.addDeployment({ deployment_id: 'b', state: 'failed' });
			const failed = await run(cluster, given, { staticData });
			expect(seen(failed).message).toMatch(/^The deployment 'b' exists but did not start/);
		});
	});

	it('does not keep the others from being started', async () => {
		const { cluster, staticData } = await givenStopped('a', 'b');
		const result = await run(cluster, recall({ pattern: 'wrong,a,b' }), { staticData });
		expect(seen(result).message).toBe('1 of 3 deployments was not started');
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [{ deployment_id: 'a' }, { deployment_id: 'b' }],
					failed: [{ error: NOT_REMEMBERED('wrong'), details: { deployment_id: 'wrong' } }],
				},
			},
		});
		expect(cluster.deployments().map((each) => each.deployment_id)).toEqual(['a', 'b']);
	});

	it.each(['*', 'search'])('was stopped at another address, which is said: %s', async (pattern) => {
		const { staticData } = await givenStopped('search');
		const other = await givenCluster();
		const result = await run(other, recall({ pattern }), { staticData });
		expect(seen(result)).toEqual({
			message: NONE_REMEMBERED[pattern] ?? NOT_REMEMBERED(pattern),
			description:
				'It remembers it for another cluster or another address of this one: choose the credential that it was stopped with.',
		});
		expect(remembered(staticData)).toEqual(['search']);
	});
});

describe('what somebody else started meanwhile', () => {
	it('with the same settings is as asked for, and forgotten', async () => {
		const { cluster, staticData } = await givenStopped('a');
		cluster.addDeployment({ deployment_id: 'a' });
		const { items } = await run(cluster, recall(), { staticData });
		expect(items).toEqual([asAsked('a', noAnswer)]);
		expect(writes(cluster)).toEqual([]);
		expect(remembered(staticData)).toEqual([]);
	});

	it('with the same settings is forgotten with When Already Running set to Leave too', async () => {
		const { cluster, staticData } = await givenStopped('a');
		cluster.addDeployment({ deployment_id: 'a' });
		const { items } = await run(cluster, recall({}, { whenExists: 'leave' }), { staticData });
		expect(items).toEqual([asAsked('a', noAnswer)]);
		expect(remembered(staticData)).toEqual([]);
	});

	it('with other settings is an error at the end, and stays remembered', async () => {
		const { cluster, staticData } = await givenStopped('a', 'b');
		cluster.addDeployment({ deployment_id: 'a', number_of_allocations: 3 });
		const result = await run(cluster, recall(), { staticData });
		expect(seen(result).message).toBe('1 of 2 deployments was not started');
		expect(seen(result).description).toContain('number_of_allocations is 3, not 1');
		expect(cluster.deployment('b')?.state).toBe('started');
		expect(remembered(staticData)).toEqual(['a']);
	});

	it('with other settings is an item of its own if the node may go on', async () => {
		const { cluster, staticData } = await givenStopped('a', 'b');
		cluster.addDeployment({ deployment_id: 'a', number_of_allocations: 3 });
		const result = await run(cluster, recall({}, { whenSomeFail: 'goOn' }), { staticData });
		expect(result.status).toBe('success');
		expect(result.items).toMatchObject([
			{ error: expect.stringContaining("'a' runs already with other settings") },
			{ deployment_id: 'b', action: 'start' },
		]);
	});

	it('is updated with When Already Running set to Update, and forgotten', async () => {
		const { cluster, staticData } = await givenStopped('a');
		cluster.addDeployment({ deployment_id: 'a', number_of_allocations: 3 });
		const { items } = await run(cluster, recall({}, { whenExists: 'update' }), { staticData });
		expect(items).toMatchObject([
			{ deployment_id: 'a', action: 'update', number_of_allocations: 1 },
		]);
		expect(remembered(staticData)).toEqual([]);
	});

	it('is left with When Already Running set to Leave, and remembered until it runs as it did', async () => {
		const { cluster, staticData } = await givenStopped('a');
		cluster.addDeployment({ deployment_id: 'a', number_of_allocations: 3 });
		const given = recall({}, { whenExists: 'leave' });
		const { items } = await run(cluster, given, { staticData });
		expect(items).toMatchObject([
			{ deployment_id: 'a', action: 'none', reason: 'left_as_it_is', number_of_allocations: 3 },
		]);
		expect(remembered(staticData)).toEqual(['a']);
		cluster.removeDeployment('a');
		await run(cluster, given, { staticData });
		expect(cluster.deployment('a')).toMatchObject({ number_of_allocations: 1 });
		expect(remembered(staticData)).toEqual([]);
	});
});

describe('the memory', () => {
	it('keeps what could not be started, so that a later run starts it', async () => {
		const { cluster, staticData } = await givenStopped('a', 'b');
		const reason =
			'Could not start deployment because no ML nodes with sufficient capacity were found';
		const body = { error: { root_cause: [], type: 'status_exception', reason }, status: 429 };
		cluster.fault({ kind: 'status', status: 429, body, path: 'a/deployment/_start' });
		const result = await run(cluster, recall(), { staticData });
		expect(seen(result).description).toContain('no room for it');
		expect(remembered(staticData)).toEqual(['a']);
		const { items } = await run(cluster, recall(), { staticData });
		expect(items).toMatchObject([{ deployment_id: 'a', action: 'start', changed: true }]);
		expect(remembered(staticData)).toEqual([]);
	});

	it('is the same after a dry run, which says what a start would do', async () => {
		const { cluster, staticData } = await givenStopped('a', 'b');
		cluster.addDeployment({ deployment_id: 'b' });
		const before = structuredClone(staticData);
		const { items } = await run(cluster, recall({ dryRun: true }), { staticData });
		expect(items).toMatchObject([
			{ deployment_id: 'a', action: 'start', changed: false, dry_run: true, vcpus: 1 },
			{ deployment_id: 'b', action: 'none', reason: 'as_asked', dry_run: true },
		]);
		expect(writes(cluster)).toEqual([]);
		expect(staticData).toEqual(before);
	});

	it('makes a second stop no error, with the restore of the first', async () => {
		const { cluster, staticData } = await givenStopped('a');
		const { items } = await run(cluster, stop('a'), { staticData });
		expect(items).toEqual([
			absent('a', 'not_deployed', { restore: restoreWith({ deployment_id: 'a' }) }),
		]);
		expect(writes(cluster)).toEqual([]);
		expect(remembered(staticData)).toEqual(['a']);
	});

	it('says which one had to make room, and fails for it in the morning', async () => {
		const cluster = await givenDeployments('last');
		const staticData: Kept = {};
		await run(cluster, stop('last'), { staticData });
		const [text] = staticData.global?.mlDeployments?.stopped ?? [];
		const entry = JSON.parse(text) as IDataObject;
		const others = Array.from({ length: 200 }, (_, index) =>
			JSON.stringify({ ...entry, deployment_id: `d${index}` }),
		);
		const memory = { version: 1, clusters: [entry.cluster], stopped: others, dropped: [] };
		const full = { global: { mlDeployments: memory } } as unknown as Kept;
		cluster.addDeployment({ deployment_id: 'last' });
		const { hints } = await run(cluster, stop('last'), { staticData: full });
		expect(hints[0].message).toContain(
			"The memory of this workflow is full: the restore of 'd0' is only in the output from now on.",
		);
		expect(remembered(full)).toHaveLength(200);
		const result = await run(cluster, recall({ pattern: 'd0,last' }), { staticData: full });
		expect(result.error).toMatchObject({
			context: {
				data: {
					done: [{ deployment_id: 'last', action: 'start' }],
					failed: [
						{
							error:
								"The settings of 'd0' are no longer remembered: this workflow stopped more than it can keep",
							details: { deployment_id: 'd0' },
						},
					],
				},
			},
		});
		expect(lines(writes(cluster)).filter((line) => line.includes('_start'))).toHaveLength(1);
	});

	it('of a newer version is left as it is, and said', async () => {
		const cluster = await givenCluster();
		const staticData = { global: { mlDeployments: { version: 2, more: 'x' } } };
		const result = await run(cluster, recall(), { staticData });
		expect(seen(result).message).toContain('was written by a newer version of this node');
		expect(staticData).toEqual({ global: { mlDeployments: { version: 2, more: 'x' } } });
	});
});

describe('what a newer version remembers and this one cannot read', () => {
	const UNREAD = "What this workflow remembers of 'a' was written by a newer version of this node";

	/** 'a' was stopped by a newer version, which went back since; 'b' by this one. */
	async function givenUnread() {
		const { cluster, staticData } = await givenStopped('a');
		const memory = staticData.global?.mlDeployments;
		const text = JSON.stringify({
			...(JSON.parse(memory?.stopped[0] ?? '') as IDataObject),
			tier: 1,
		});
		memory?.stopped.splice(0, 1, text);
		cluster.addDeployment({ deployment_id: 'b' });
		await run(cluster, stop('b'), { staticData });
		expect(memoryTexts(staticData)).toContain(text);
		cluster.resetLog();
		return { cluster, staticData, text };
	}
	const memoryTexts = ({ global }: Kept) => global?.mlDeployments?.stopped;

	it.each(['*', 'b,a', '_all'])('is a failure beside what is started: %s', async (pattern) => {
		const { cluster, staticData, text } = await givenUnread();
		const result = await run(cluster, recall({ pattern }), { staticData });
		expect(seen(result).message).toBe('1 of 2 deployments was not started');
		expect(result.error?.context?.data).toMatchObject({
			done: [{ deployment_id: 'b', action: 'start' }],
			failed: [
				{ error: UNREAD, details: { deployment_id: 'a', next_step: 'Update the package.' } },
			],
		});
		expect(cluster.deployments()).toMatchObject([{ deployment_id: 'b' }]);
		expect(memoryTexts(staticData)).toEqual([text]);
	});

	it('is a failure of its own by its id, in a dry run too', async () => {
		const { cluster, staticData, text } = await givenUnread();
		for (const dryRun of [true, false]) {
			const result = await run(cluster, recall({ pattern: 'a', dryRun }), { staticData });
			expect(seen(result)).toEqual({ message: UNREAD, description: 'Update the package.' });
		}
		expect(writes(cluster)).toEqual([]);
		expect(memoryTexts(staticData)).toContain(text);
	});

	it('is nothing to do where it runs, and forgotten then', async () => {
		const { cluster, staticData } = await givenUnread();
		cluster.addDeployment({ deployment_id: 'a' });
		const { items } = await run(cluster, recall(), { staticData });
		expect(items).toMatchObject([
			{ deployment_id: 'b', action: 'start' },
			{ deployment_id: 'a', action: 'none', reason: 'nothing_to_restore' },
		]);
		expect(memoryTexts(staticData)).toEqual([]);
	});

	it.each<[string, IDataObject]>([
		['by its id', { deploymentId: byId('a') }],
		['by a pattern', { target: 'pattern', pattern: 'a*' }],
	])('is a failure of Scale too, %s', async (_how, fields) => {
		const { cluster, staticData, text } = await givenUnread();
		const given = { numberOfAllocations: 1, ifNotRunning: 'startRemembered', ...fields };
		const result = await run(cluster, parameters('scale', given), { staticData });
		expect(seen(result).message).toBe(UNREAD);
		expect(writes(cluster)).toEqual([]);
		expect(memoryTexts(staticData)).toContain(text);
	});
});
