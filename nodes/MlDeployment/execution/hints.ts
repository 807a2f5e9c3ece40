import type { IExecuteFunctions } from 'n8n-workflow';

import type { Unsaved } from './memory';
import { isFailed, type Outcome, type Success, type Wait } from './operation';

/** What the hint below the output tells of. */
export interface Told {
	results: readonly Outcome[];
	waits: readonly Wait[];
	/** Ids that had to make room in the memory. */
	dropped: readonly string[];
	/** Why later runs will not find what was kept, if anything was. */
	unsaved?: Unsaved;
}

const WORDS = {
	start: ['Started', 'start'],
	stop: ['Stopped', 'stop'],
	update: ['Updated', 'update'],
} as const;

const UNSAVED: Record<Unsaved, string> = {
	by_hand:
		'This run by hand is not remembered: only later nodes of it can start again what it stopped, so keep its restore.',
	retry:
		'This retry is not remembered: only later nodes of it can start again what it stopped, so keep its restore.',
	worker:
		"n8n's workers do not keep what is stopped: the next run will not find it, so keep its restore. Stop and Start in one sub-workflow are remembered.",
	newer:
		'What this run stopped is not remembered, because a newer version of this node wrote the memory of this workflow: keep its restore.',
};

type Done = keyof typeof WORDS;

/** Shows one hint below the output: what was done, left alone and waited for. */
export function showSummary(host: IExecuteFunctions, told: Told): void {
	const message = summaryOf(told);
	if (message !== '') host.addExecutionHints({ message, location: 'outputPane' });
}

/** The summary in sentences; empty if there is nothing to tell. Pure. */
export function summaryOf({ results, waits, dropped, unsaved }: Told): string {
	const done = results.filter((each): each is Success => !isFailed(each));
	const changes = done.filter(({ json }) => 'dry_run' in json && json.deployment_id !== null);
	const sentences = [
		changes.length > 0 && sayChanges(changes, changes.length + results.length - done.length),
		sayLeftAlone(changes),
		sayUnmatched(done, changes.length > 0),
		sayWaits(waits),
		...done.flatMap(({ hint }) => hint ?? []),
		unsaved !== undefined && UNSAVED[unsaved],
		dropped.length > 0 &&
			`The memory of this workflow is full: the restore of ${listed(dropped)} is only in the output from now on.`,
	];
	return sentences.filter((each) => each !== false).join(' ');
}

function sayChanges(changes: readonly Success[], all: number): string {
	const isDry = changes.some(({ json }) => json.dry_run === true);
	const parts = (Object.keys(WORDS) as Done[]).flatMap((action) => {
		const count = changes.filter(({ json }) => json.action === action).length;
		if (count === 0) return [];
		return isDry ? `${WORDS[action][1]} ${count}` : `${WORDS[action][0]} ${count} of ${all}`;
	});
	const freed = sayVcpus(changes);
	if (isDry) {
		const would = parts.length === 0 ? 'nothing would change' : `would ${parts.join(', ')}${freed}`;
		return `Dry run, nothing was changed: ${would}.`;
	}
	return parts.length === 0 ? 'Nothing had to be changed.' : `${parts.join(', ')}${freed}.`;
}

function sayVcpus(changes: readonly Success[]): string {
	const known = changes.filter(({ json }) => json.vcpus !== null && json.vcpus_before !== null);
	const sum = known.reduce(
		(total, { json }) => total + Number(json.vcpus_before) - Number(json.vcpus),
		0,
	);
	if (sum === 0) return '';
	const count = Math.abs(sum);
	return `, ${count} vCPU${count === 1 ? '' : 's'} ${sum > 0 ? 'free' : 'more'}`;
}

function sayLeftAlone(changes: readonly Success[]): string | false {
	const left = changes.filter(
		({ json }) => json.action === 'none' && json.reason !== 'as_asked' && json.reason !== null,
	);
	if (left.length === 0) return false;
	const reasons = new Map<string, string[]>();
	for (const { json } of left) {
		const reason = String(json.reason);
		reasons.set(reason, [...(reasons.get(reason) ?? []), String(json.deployment_id)]);
	}
	const parts = [...reasons].map(([reason, ids]) => `${listed(ids)} (${reason})`);
	return `Left alone: ${parts.join(', ')}.`;
}

/** A pattern that is half typed is no failure, so at least this says that it matches nothing. */
function sayUnmatched(done: readonly Success[], hasChanges: boolean): string | false {
	const parts = done.flatMap(({ unmatched }) => unmatched ?? []);
	if (parts.length === 0) return false;
	const result = hasChanges ? '' : ', so nothing was changed';
	return `No deployment matches ${listed([...new Set(parts)])}${result}.`;
}

function sayWaits(waits: readonly Wait[]): string | false {
	if (waits.length === 0) return false;
	const slowest = waits.reduce((a, b) => (b.seconds > a.seconds ? b : a));
	const { id, reached, seconds, last } = slowest;
	const state = reached === 'started' ? 'started' : 'fully allocated';
	const who = waits.length === 1 ? `'${id}' was` : `The slowest of ${waits.length}, '${id}', was`;
	return `${who} ${state} after ${Math.round(seconds)} s; state: ${last}.`;
}

/** The first ids in quotes, and how many more there are. */
export function listed(ids: readonly string[]): string {
	const few = ids.slice(0, 5).map((id) => `'${id}'`);
	return ids.length > 5 ? `${few.join(', ')} and ${ids.length - 5} more` : few.join(', ');
}
