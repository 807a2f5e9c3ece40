/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { EmbeddedCluster } from '../cluster';
import { givenCluster } from '../engine/given';
import { purposeOf } from './expected';
import { fault } from './list';
import { PLAYS, type Play } from './operations';
import { contextOf, perform } from './perform';
import { restores } from './restored';
import type { Plan, Sent } from './stage';

/** Faults with which a run goes on for a while: lost answers, time-outs, and pauses. */
const LOST = fault('a connection that is closed before the answer');
const LATE = fault('no answer');
const MASTERLESS = fault('503 without a master');

let cancels = 0;

beforeEach(() => {
	jest.spyOn(Math, 'random').mockReturnValue(1);
});

afterEach(() => {
	jest.restoreAllMocks();
});

afterAll(() => {
	process.stdout.write(`${cancels} cancels of ${PLAYS.length} operations\n`);
});

function plansFor({ path }: Sent, first: number): Plan[] {
	const changes = ['start', 'stop', 'update'].includes(purposeOf(path));
	const once = { first, span: 'once' } as const;
	return [
		{ ...once, fault: LOST, runs: false },
		{ ...once, fault: MASTERLESS, runs: false },
		...(changes
			? [
					{ ...once, fault: LOST, runs: true },
					{ ...once, fault: LATE, runs: false },
					{ ...once, fault: LATE, runs: true },
				]
			: []),
	];
}

/** What is wrong with a run that is cancelled at this moment; empty if nothing is. */
async function complaints(
	cluster: EmbeddedCluster,
	context: IExecuteFunctions,
	play: Play,
	course: { plan?: Plan; cancelAt: number },
): Promise<string[]> {
	const run = await perform(cluster, context, play, course);
	const wrong: string[] = [];
	if (run.sentAtCancel === undefined) return ['this run never came to that moment'];
	cancels++;
	if (run.sent.length !== run.sentAtCancel) {
		wrong.push(`${run.sent.length - run.sentAtCancel} requests were sent after it`);
	}
	// A run that has all its answers ends as if nothing had been.
	const isCancel = run.text.includes('The execution was stopped while a request was under way');
	if (run.ended !== 'well' && !isCancel) wrong.push(`ended so: ${run.text}`);
	// n8n drops outputs and errors of a cancelled run.
	const log = run.warnings.find(({ message }) => message.includes('the run was cancelled'));
	const kept = (log?.metadata.restores ?? []) as unknown[];
	for (const stopped of cluster.stopped) {
		if (!kept.some((restore) => restores(restore, stopped)))
			wrong.push(`no restore of '${stopped.deployment_id}' in the log: ${JSON.stringify(kept)}`);
	}
	return wrong;
}

describe.each(PLAYS.map((play) => [play.name, play] as const))('%s', (_name, play) => {
	it('ends at each moment where it is cancelled, sends no more, and keeps what it stopped', async () => {
		const cluster = await givenCluster();
		const context = await contextOf(cluster, play);
		const { sent } = await perform(cluster, context, play);
		const plans = [undefined, ...sent.flatMap(plansFor)];
		const wrong: Record<string, string[]> = {};
		for (const plan of plans) {
			const { moments } = await perform(cluster, context, play, { plan });
			for (const [cancelAt, moment] of moments.entries()) {
				const found = await complaints(cluster, context, play, { plan, cancelAt });
				const name = `${plan?.fault.name ?? 'no fault'} at ${plan?.first} ${plan?.runs}: ${cancelAt} ${moment}`;
				if (found.length > 0) wrong[name] = found;
			}
		}
		expect(wrong).toEqual({});
	}, 120_000);
});
