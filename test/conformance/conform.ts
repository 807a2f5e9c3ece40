import { randomBytes } from 'node:crypto';
import { needsEmbedded, type Case } from '../contract/case';
import { mayBeSent } from '../contract/guard';
import { Runner, type Outcome } from '../contract/run';
import { holdsOn } from '../contract/versions';
import { World } from '../contract/world';
import type { Target } from './target';

export interface Result extends Outcome {
	id: string;
	says: string;
	section: string;
}

export interface Report {
	version: string;
	serverless: boolean;
	readOnly: boolean;
	results: Result[];
	/** Cases of this version that only an embedded cluster can show. */
	embeddedOnly: number;
	interrupted: boolean;
	/** Deployments of the run that could not be stopped. */
	left: string[];
}

export interface RunOptions {
	cases: Case[];
	readOnly: boolean;
	signal: AbortSignal;
	/** Told of each case when it is done. */
	progress: (result: Result, done: number, of: number) => void;
}

/** Runs the cases on a cluster, and stops what it started, however the run ends. */
export async function conform(target: Target, options: RunOptions): Promise<Report> {
	const { version, client, hide, patienceMs, model = '' } = target;
	const { signal, readOnly } = options;
	const world = new World({
		version,
		model,
		prefix: `conformance-${randomBytes(2).toString('hex')}-`,
		send: async (sent) => await client.send(sent),
		patienceMs,
		readOnly,
		signal,
	});
	const held = options.cases.filter(({ versions }) => holdsOn(versions, version));
	const mine = ordered(held.filter((one) => !needsEmbedded(one)));
	const results: Result[] = [];
	let left: string[] = [];
	try {
		const runner = new Runner(world);
		for (const one of mine) {
			if (signal.aborted) break;
			const reason = whyNot(one, target, world, readOnly);
			const outcome = reason === undefined ? await runner.run(one) : notRun(reason);
			const result = hidden({ id: one.id, says: one.says, section: one.section, ...outcome }, hide);
			results.push(result);
			options.progress(result, results.length, mine.length);
		}
	} finally {
		left = await world.clean();
	}
	return {
		version: version.serverless ? 'serverless' : version.number,
		serverless: version.serverless,
		readOnly,
		results,
		embeddedOnly: held.length - mine.length,
		interrupted: signal.aborted,
		left,
	};
}

/** Cases that need no deployment come first; those with the same given stand together, and what changes it comes last. */
function ordered(all: Case[]): Case[] {
	const key = ({ given = [] }: Case): string => JSON.stringify(given);
	const keys = ['[]', ...new Set(all.map(key))];
	return [...all].sort(
		(a, b) =>
			keys.indexOf(key(a)) - keys.indexOf(key(b)) ||
			Number(a.changes ?? false) - Number(b.changes ?? false),
	);
}

function whyNot(
	one: Case,
	{ model, hasKey }: Target,
	world: World,
	readOnly: boolean,
): string | undefined {
	if (readOnly && !changesNothing(one, world))
		return 'it changes something, and the run is read only';
	const needsModel = one.given !== undefined || JSON.stringify(one.steps).includes('{model}');
	if (model === undefined && needsModel) return 'no PyTorch model is there';
	if (!hasKey && one.section.startsWith('security')) return 'no API key was given';
	return undefined;
}

function changesNothing({ given = [], steps }: Case, world: World): boolean {
	const { prefix, model } = world.options;
	return (
		given.length === 0 &&
		steps.every(({ send }) => mayBeSent(send, { prefix, model, readOnly: true }) === undefined)
	);
}

const notRun = (reason: string): Outcome => ({
	verdict: 'not run',
	expected: '',
	got: '',
	notes: [reason],
});

function hidden(result: Result, hide: (text: string) => string): Result {
	const { expected, got, notes } = result;
	return { ...result, expected: hide(expected), got: hide(got), notes: notes.map(hide) };
}
