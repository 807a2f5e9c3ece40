import { isRecord } from './handedOn';
import type { Played, Step } from './history';
import type { Violation } from './verdict';

/** All that a person needs to understand a run that went wrong. */
export function show(seed: number, played: Played, violations: readonly Violation[]): string {
	const { result, before, after } = played;
	const error = isRecord(result.error) ? result.error : undefined;
	return [
		...violations.map(({ rule, id, says }) => `${rule}: '${id}' ${says}`),
		'',
		`JOURNAL_SEED=${seed} JOURNAL_RUNS=1 draws the schedule (before it is made smaller), JOURNAL_SCHEDULE='…' plays it:`,
		JSON.stringify(played.schedule),
		'',
		'Before:',
		...before.map(
			(each) =>
				`  ${each.deployment_id} since ${iso(each.start_time)}, ${each.threads_per_allocation} threads x ${each.number_of_allocations}, ${JSON.stringify(each.adaptive_allocations)}`,
		),
		'',
		'What happened, with milliseconds since the beginning:',
		...happenings(played).map(
			({ at, text }) => `  ${String(at - played.begunAt).padStart(5)} ${text}`,
		),
		'',
		'After:',
		...after.map((each) => `  ${each.deployment_id} ${each.state} since ${iso(each.start_time)}`),
		'',
		`${result.status} after ${result.tries} tries`,
		...(error === undefined
			? []
			: [`error: ${String(error.message)}`, `context: ${JSON.stringify(error.context)}`]),
		...result.outputs.flatMap((branch, output) =>
			branch.map(({ json }) => `output ${output}: ${JSON.stringify(json)}`),
		),
	].join('\n');
}

function happenings({ steps, stopped }: Played): Array<{ at: number; text: string }> {
	const stops = stopped.map((each) => ({
		at: each.at,
		text: `  == stops ${each.deployment_id} since ${iso(each.start_time)}, ${each.threads_per_allocation} threads x ${each.number_of_allocations}`,
	}));
	return [...steps.map((step) => ({ at: step.at, text: textOf(step) })), ...stops].sort(
		(a, b) => a.at - b.at,
	);
}

function textOf(step: Step): string {
	switch (step.kind) {
		case 'request': {
			const { method, path, query, status } = step.request;
			const search = new URLSearchParams(query).toString();
			return `${method} ${path}${search && `?${search}`} -> ${status === 0 ? 'no answer' : status}`;
		}
		case 'deed': {
			const { id, deed } = step.intervention;
			const now = step.startTime === undefined ? 'absent' : `since ${iso(step.startTime)}`;
			return `  ** somebody: ${id} ${JSON.stringify(deed)}, now ${now}`;
		}
		case 'cancel':
			return '  !! the user stops the execution';
	}
}

function iso(time: number): string {
	return new Date(time).toISOString();
}
