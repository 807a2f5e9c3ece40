/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { isDeepStrictEqual } from 'node:util';

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { givenCluster } from '../engine/given';
import { holdsKey } from '../given';
import type { EmbeddedCluster } from '../cluster';
import { expectedOf, purposeOf, roleOf, worded, type Role } from './expected';
import { FAULTS as ALL } from './list';
import { isRepeated, mayHaveRun, type Fault, type Kind } from './list/fault';
import { BYSTANDER, PLAYS, type Play } from './operations';
import { contextOf, perform, setUp } from './perform';
import { kindOf, type Plan, type Sent } from './stage';
import { isAlike, numbersOf, untruths, type Numbers } from './truth';

/** Those that the node takes for the same as others are only in the recorder. */
const FAULTS = ALL.filter(({ onlyOnWire }) => onlyOnWire !== true);

let cells = 0;

beforeEach(() => {
	// Without jitter, pauses are as long as they can be.
	jest.spyOn(Math, 'random').mockReturnValue(1);
});

afterEach(() => {
	jest.restoreAllMocks();
});

afterAll(() => {
	process.stdout.write(
		`${cells} cells of ${FAULTS.length} faults and ${PLAYS.length} operations\n`,
	);
});

/** Every way in which a fault can hit a request of an operation. */
function plansFor(fault: Fault, request: Sent, first: number, role: Role): Plan[] {
	const purpose = purposeOf(request.path);
	if (fault.only?.includes(purpose) === false) return [];
	const changes = ['start', 'stop', 'update'].includes(purpose);
	return spansOf(fault.kind, role).flatMap((span) => {
		const isLookedFor = purpose !== 'update' && span !== 'all';
		const ends = changes && mayHaveRun(fault.kind, isLookedFor) ? [false, true] : [false];
		return ends.map((runs) => ({ fault, first, span, runs }));
	});
}

/** The spans that make a difference: what fails at once is not asked again. */
function spansOf(kind: Kind, role: Role): Array<Plan['span']> {
	switch (role) {
		case 'side':
			return ['once'];
		case 'watch':
			return ['once', 'alike'];
		case 'start':
		case 'stop':
			return ['kept out', 'refused'].includes(kind) ? ['once'] : ['once', 'alike', 'all'];
		default:
			return isRepeated(kind) ? ['once', 'alike'] : ['once'];
	}
}

/** Of a pattern, the requests for the last of its deployments: by then others are done. */
function placesIn(play: Play, sent: readonly Sent[]): number[] {
	const places = sent.map((_each, place) => place);
	if (play.isPattern !== true) return places;
	const kinds = sent.map(kindOf);
	return places.filter((place) => kinds.lastIndexOf(kinds[place]) === place);
}

function nameOf({ fault, first, span, runs }: Plan): string {
	return `${fault.name} at request ${first}, ${span}${runs ? ', carried out' : ''}`;
}

/** The deployments that a message about a request may name. */
function subjectsOf(path: string): string[] {
	const [, id] = /trained_models\/([^_/][^/]*)\//.exec(path) ?? [];
	return id === undefined ? ['search', 'shop'] : [id];
}

/**
 * What is sent again asks for the very same; only looks may ask for more or less.
 * @param sent those without a fault first
 */
function otherRepetitions(sent: readonly Sent[]): string[] {
	const firsts = new Map<string, Sent>();
	return sent.flatMap((each) => {
		if (each.method === 'GET') return [];
		const line = `${each.method} ${each.path}`;
		const first = firsts.get(line) ?? each;
		firsts.set(line, first);
		const isSame = isDeepStrictEqual([each.query, each.body], [first.query, first.body]);
		return isSame ? [] : [`${line} was sent with ${JSON.stringify([each.query, each.body])}`];
	});
}

/** A run without a fault, and what the cluster held before. */
interface Clean {
	context: IExecuteFunctions;
	before: Numbers;
	sent: Sent[];
	items: IDataObject[];
}

/** What is wrong with one cell; empty if nothing is. */
async function complaints(
	cluster: EmbeddedCluster,
	play: Play,
	plan: Plan,
	clean: Clean,
): Promise<string[]> {
	cells++;
	const role = roleOf(play, clean.sent, plan.first);
	const expected = expectedOf(role, plan, play.isStop === true);
	const run = await perform(cluster, clean.context, play, { plan });
	const wrong = untruths(clean.before, cluster, run);
	const { text } = run;
	const isWell = run.ended === 'well';
	if (isWell !== expected.isWell) wrong.push(`ended ${isWell ? 'well' : `so: ${text}`}`);
	if (isWell && !isAlike(run.items, clean.items)) wrong.push('another output');
	const { method, path } = clean.sent[plan.first];
	for (const words of isWell ? [] : (expected.words ?? [])) {
		if (!worded(words, subjectsOf(path)).test(text)) wrong.push(`'${words}' is not in: ${text}`);
	}
	const same = (sent: readonly Sent[]): Sent[] =>
		sent.slice(plan.first).filter((each) => each.method === method && each.path === path);
	const sends =
		plan.span === 'once'
			? same(run.sent).length - (isWell ? same(clean.sent).length - 1 : 0)
			: same(run.sent).filter((each) => each.fault !== undefined).length;
	if (expected.sends !== undefined && sends !== expected.sends) {
		wrong.push(`${method} ${path} was sent ${sends} times, not ${expected.sends}`);
	}
	wrong.push(...otherRepetitions([...clean.sent, ...run.sent]));
	const all = JSON.stringify([run.items, run.data, text, run.logs]);
	if (holdsKey(all, cluster.apiKey)) wrong.push('the key is in the output or in the log');
	return wrong;
}

describe.each(PLAYS.map((play) => [play.name, play] as const))('%s', (_name, play) => {
	it('tells the truth of every fault, does nothing twice, and says what to do', async () => {
		const cluster = await givenCluster();
		setUp(cluster, play);
		const before = numbersOf(cluster);
		const context = await contextOf(cluster, play);
		const run = await perform(cluster, context, play);
		const { ended, sent, items } = run;
		expect(ended).toBe('well');
		expect(untruths(before, cluster, run)).toEqual([]);
		const asBefore = Object.fromEntries(before);
		expect(Object.fromEntries(numbersOf(cluster))).toEqual(
			play.leadsTo === undefined ? asBefore : { ...play.leadsTo, [BYSTANDER]: asBefore[BYSTANDER] },
		);
		const clean = { context, before, sent, items };
		const wrong: Record<string, string[]> = {};
		for (const fault of FAULTS) {
			for (const first of placesIn(play, sent)) {
				const role = roleOf(play, sent, first);
				for (const plan of plansFor(fault, sent[first], first, role)) {
					const found = await complaints(cluster, play, plan, clean);
					if (found.length > 0) wrong[nameOf(plan)] = found;
				}
			}
		}
		expect(wrong).toEqual({});
	}, 120_000);
});
