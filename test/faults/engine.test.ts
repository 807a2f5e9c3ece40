import type { INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../cluster';
import {
	byId,
	credentialFor,
	givenCluster,
	parameters,
	run,
	stop,
	theEngine,
	update,
	writes,
} from '../engine/given';
import { restoreWith } from '../engine/restoreText';
import { purposeOf, worded } from './expected';
import { FAULTS } from './list';
import type { Fault } from './list/fault';
import { PLAYS, type Play } from './operations';
import { setUp } from './perform';
import { placeOf } from './wire/makers';
import { closeServers } from './wire/servers';

afterAll(closeServers);

/** The deployments that the operations are about. */
const IDS = ['search', 'shop'];

/**
 * Repetitions and long waits are the matrix's; here time is real. A busy machine can take more than a
 * second for an answer that comes.
 */
const HURRIED = { retries: 0, requestTimeout: 6, waitTimeout: 1 };

function hurried({ parameters: given }: Play, how = HURRIED): INodeParameters {
	return { ...given, options: { ...(given.options as object), ...how } };
}

function play(name: string): Play {
	const found = PLAYS.find((each) => each.name === name);
	if (found === undefined) throw new Error(`no operation is called '${name}'`);
	return found;
}

/** The operations whose first request decides, and what that request is for. */
const IN_TURN = [
	['Get', 'read'],
	['Get Many', 'read'],
	['Infer', 'read'],
	['Clear Cache', 'clearCache'],
	['Update', 'update'],
	['Start', 'read'],
	['Start from a restore object', 'read'],
	['Scale', 'read'],
	['Scale by pattern', 'read'],
	['Scale what is not running', 'read'],
] as const;

/** Of Elasticsearch's own refusals of one purpose, the operation and the path that meet them. */
const MEETING = {
	start: ['Start', /_start$/],
	stop: ['Stop', /_stop$/],
	update: ['Scale', /_update$/],
	infer: ['Infer', /_infer$/],
	clearCache: ['Clear Cache', /_clear$/],
	read: ['Get', /_stats$/],
} as const;

/** An item that failed holds message, reason and next step. */
async function expectWords(
	words: readonly [string, string],
	given: INodeParameters,
	credentials: ReturnType<typeof credentialFor>,
): Promise<void> {
	const { errors, status } = await theEngine().runNode({
		parameters: given,
		credentials,
		onError: 'continueErrorOutput',
	});
	expect(status).toBe('success');
	expect(errors).toEqual([
		{
			error: expect.stringMatching(worded(words[0], IDS)),
			details: expect.objectContaining({ next_step: expect.stringMatching(worded(words[1], IDS)) }),
		},
	]);
}

const EVERYWHERE = FAULTS.filter(({ only }) => only === undefined);
const OF_ONE = FAULTS.filter(({ only }) => only !== undefined);
const OFFLINE = 'a name server that does not answer';

describe("a fault on the wire, through n8n's engine, to the error output", () => {
	const cases = EVERYWHERE.filter(({ name }) => name !== OFFLINE).map(
		(fault, place) => [fault.name, ...IN_TURN[place % IN_TURN.length], fault] as const,
	);

	it.each(cases)('%s: %s', async (_name, operation, purpose, fault: Fault) => {
		const { endpoint, ca = '' } = await placeOf(fault);
		const credentials = credentialFor({ endpoint, apiKey: btoa('id:key'), caPem: ca });
		const words = fault.wordsFor?.[purpose] ?? fault.words;
		await expectWords(words, hurried(play(operation)), credentials);
	});
});

describe("what Elasticsearch refuses, through n8n's engine, to the error output", () => {
	it.each(OF_ONE.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
		const [purpose = 'read'] = fault.only ?? [];
		const [operation, path] = MEETING[purpose];
		const cluster = await givenCluster();
		setUp(cluster, play(operation));
		const { given } = fault;
		if (given.is !== 'answer') throw new Error('a refusal is an answer');
		const { status, headers } = given;
		cluster.fault({
			kind: 'status',
			path,
			status,
			headers,
			body: given.body as object,
			times: Infinity,
		});
		const words = fault.wordsFor?.[purpose] ?? fault.words;
		await expectWords(words, hurried(play(operation)), credentialFor(cluster));
		const sent = writes(cluster).filter((each) => purposeOf(each.path) === purpose);
		expect(sent).toHaveLength(1);
	});
});

async function tryTwice(cluster: EmbeddedCluster, given: INodeParameters) {
	return await run(cluster, given, { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
}

describe('Retry On Fail after a lost answer', () => {
	/** So that one look fills the time in which the end of a stop is looked for. */
	const brief = { ...HURRIED, requestTimeout: 1 };

	it.each([
		['Stop', stop('search', brief)],
		['Scale to 0', hurried(play('Scale to 0'), brief)],
	])('stops nothing twice and keeps the restore: %s', async (_name, given) => {
		const cluster = await givenCluster();
		setUp(cluster, play('Stop'));
		cluster.fault({ kind: 'reset', path: /_stop$/, after: true });
		// The look before the stop comes through, and no other one in the first try.
		cluster.fault({ kind: 'html', status: 404, path: /_stats$/, skip: 1, times: 1 });
		cluster.fault({ kind: 'hang', path: /_stats$/, skip: 1, times: 1 });
		const { items, tries } = await tryTwice(cluster, given);
		expect(tries).toBe(2);
		expect(items).toEqual([
			expect.objectContaining({
				action: 'stop',
				changed: true,
				restore: restoreWith({ deployment_id: 'search', number_of_allocations: 2 }),
			}),
		]);
		expect(cluster.stopped).toHaveLength(1);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('starts nothing twice', async () => {
		const cluster = await givenCluster();
		setUp(cluster, play('Start'));
		cluster.fault({ kind: 'reset', path: /_start$/, after: true });
		cluster.fault({ kind: 'html', status: 404, path: /_stats$/, skip: 1, times: 1 });
		const start = parameters('start', { modelId: byId('search'), options: HURRIED });
		const { items, tries } = await tryTwice(cluster, start);
		expect(tries).toBe(2);
		expect(items).toEqual([expect.objectContaining({ deployment_id: 'search', state: 'started' })]);
		expect(writes(cluster)).toHaveLength(1);
	});

	it('changes a number to the same number', async () => {
		const cluster = await givenCluster();
		setUp(cluster, play('Update'));
		cluster.fault({ kind: 'reset', path: /_update$/, after: true });
		const given = update('search', { numberOfAllocations: 3, options: HURRIED });
		const { items, tries } = await tryTwice(cluster, given);
		expect(tries).toBe(2);
		expect(items).toEqual([expect.objectContaining({ number_of_allocations: 3, changed: true })]);
		expect(cluster.deployment('search')?.number_of_allocations).toBe(3);
	});
});

describe("an answer that drips or is huge, through n8n's engine", () => {
	it('is given up by a change when its time is up', async () => {
		const cluster = await givenCluster();
		setUp(cluster, play('Update'));
		cluster.fault({ kind: 'drip', path: /_update$/ });
		await expectWords(
			['The cluster gave no answer in time', 'look with the operation Get'],
			update('search', { numberOfAllocations: 3, options: HURRIED }),
			credentialFor(cluster),
		);
	});

	it('is no list of deployments, if it is a page of 50 MB', async () => {
		const cluster = await givenCluster();
		cluster.fault({ kind: 'html', path: /_stats$/, body: 'x'.repeat(50 * 1024 ** 2) });
		const given = parameters('getMany', { returnAll: true, options: { retries: 0 } });
		await expectWords(
			['The Cluster Endpoint answered with status 200', 'Check host, port and path'],
			given,
			credentialFor(cluster),
		);
	});
});

describe('a cluster whose authority the credential names', () => {
	it('is read and changed', async () => {
		const cluster = await givenCluster({ tls: true });
		setUp(cluster, play('Update'));
		const { items } = await run(cluster, play('Update').parameters);
		expect(items).toEqual([expect.objectContaining({ number_of_allocations: 3, changed: true })]);
	});
});
