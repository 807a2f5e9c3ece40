import type { IDataObject } from 'n8n-workflow';

import { summaryOf, type Told } from '../../../nodes/MlDeployment/execution/hints';
import type { Outcome, Wait } from '../../../nodes/MlDeployment/execution/operation';

function done(id: string | null, own: IDataObject): Outcome {
	const json = { deployment_id: id, reason: null, vcpus: null, vcpus_before: null, ...own };
	return { json: { dry_run: false, ...json } };
}

const failed: Outcome = { failure: { kind: 'unexpected', cause: new Error() } };
const stopped = (id: string, vcpus: number) =>
	done(id, { action: 'stop', vcpus: 0, vcpus_before: vcpus });
const started = (id: string, vcpus: number) =>
	done(id, { action: 'start', vcpus, vcpus_before: 0 });
const left = (id: string | null, reason: string | null) => done(id, { action: 'none', reason });
const unmatched = (part: string): Outcome => ({
	...left(null, 'no_match'),
	unmatched: part,
});
const wait = (id: string, seconds: number, own: Partial<Wait> = {}): Wait => ({
	id,
	seconds,
	reached: 'started',
	last: 'started, 1 of 2 allocations',
	...own,
});
const dry = (outcome: Outcome): Outcome =>
	'json' in outcome ? { json: { ...outcome.json, dry_run: true } } : outcome;

function told(own: Partial<Told>): Told {
	return { results: [], waits: [], dropped: [], ...own };
}

it.each<[string, Partial<Told>, string]>([
	['nothing', {}, ''],
	['what only reads', { results: [{ json: { deployment_id: 'a', state: 'started' } }] }, ''],
	['only failures', { results: [failed] }, ''],
	['stops', { results: [stopped('a', 4), stopped('b', 2)] }, 'Stopped 2 of 2, 6 vCPUs free.'],
	['one processor', { results: [stopped('a', 1)] }, 'Stopped 1 of 1, 1 vCPU free.'],
	[
		'stops, some of which failed',
		{ results: [stopped('a', 4), failed] },
		'Stopped 1 of 2, 4 vCPUs free.',
	],
	['starts', { results: [started('a', 4)] }, 'Started 1 of 1, 4 vCPUs more.'],
	[
		'several kinds of changes',
		{ results: [started('a', 4), done('b', { action: 'update' }), stopped('c', 4)] },
		'Started 1 of 3, Stopped 1 of 3, Updated 1 of 3.',
	],
	['what is as asked', { results: [left('a', 'as_asked')] }, 'Nothing had to be changed.'],
	[
		'what was left alone, by reasons',
		{
			results: [
				stopped('a', 2),
				left('b', 'excluded'),
				left('c', 'not_idle'),
				left('d', 'excluded'),
			],
		},
		"Stopped 1 of 4, 2 vCPUs free. Left alone: 'b', 'd' (excluded), 'c' (not_idle).",
	],
	[
		'many that were left alone',
		{ results: [...'abcdefg'].map((id) => left(id, 'excluded')) },
		"Nothing had to be changed. Left alone: 'a', 'b', 'c', 'd', 'e' and 2 more (excluded).",
	],
	[
		'a pattern that matches nothing',
		{ results: [unmatched('x*,y'), unmatched('x*,y')] },
		"No deployment matches 'x*,y', so nothing was changed.",
	],
	[
		'a part of a pattern that matches nothing',
		{ results: [stopped('a', 2), unmatched('x*')] },
		"Stopped 1 of 1, 2 vCPUs free. No deployment matches 'x*'.",
	],
	[
		'a dry run',
		{ results: [dry(stopped('a', 4)), dry(left('b', 'excluded'))] },
		"Dry run, nothing was changed: would stop 1, 4 vCPUs free. Left alone: 'b' (excluded).",
	],
	[
		'a dry run that would change nothing',
		{ results: [dry(left('a', 'as_asked'))] },
		'Dry run, nothing was changed: nothing would change.',
	],
	[
		'a wait',
		{ waits: [wait('a', 12.4)] },
		"'a' was started after 12 s; state: started, 1 of 2 allocations.",
	],
	[
		'the slowest of several waits',
		{ waits: [wait('a', 3), wait('b', 8, { reached: 'fully_allocated', last: 'started' })] },
		"The slowest of 2, 'b', was fully allocated after 8 s; state: started.",
	],
	[
		'a stop by hand',
		{ results: [stopped('a', 2)], unsaved: 'by_hand' },
		'Stopped 1 of 1, 2 vCPUs free. This run by hand is not remembered: only later nodes of it can start again what it stopped, so keep its restore.',
	],
	[
		'what had to make room',
		{ results: [stopped('a', 2)], dropped: ['x', 'y'] },
		"Stopped 1 of 1, 2 vCPUs free. The memory of this workflow is full: the restore of 'x', 'y' is only in the output from now on.",
	],
])('the summary of %s', (_what, own, expected) => {
	expect(summaryOf(told(own))).toBe(expected);
});
