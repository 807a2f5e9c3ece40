import type { IDataObject } from 'n8n-workflow';

/** The ten keys that every change outputs, of one that is left as it is with one vCPU. */
const SAME = {
	action: 'none',
	changed: false,
	reason: null,
	state: 'started',
	number_of_allocations: 1,
	vcpus: 1,
	vcpus_before: 1,
	restore: null,
	dry_run: false,
};

const GONE = { state: 'not_deployed', number_of_allocations: 0, vcpus: 0 };

/** A restore object as text. */
export const RESTORE: unknown = expect.stringMatching(/^\{"schema":1,/);

/** The whole output for one that was left as it is. */
export function leftAlone(id: string, reason: string, other: object = {}): object {
	return { deployment_id: id, ...SAME, reason, restore: RESTORE, ...other };
}

/** The whole output for one that has the size that was asked for. */
export function asAsked(id: string, other: object = {}): object {
	return { deployment_id: id, ...SAME, reason: 'as_asked', ...other };
}

/** The whole output for what is not there. */
export function absent(id: string | null, reason: string, other: object = {}): object {
	return { deployment_id: id, ...SAME, ...GONE, vcpus_before: 0, reason, ...other };
}

/** The whole output for a pattern that matches nothing. */
export function nothing(reason: string, other: object = {}): object {
	const unknown = { state: null, number_of_allocations: null, vcpus: null, vcpus_before: null };
	return { deployment_id: null, ...SAME, ...unknown, reason, ...other };
}

/** The whole output for one that was stopped. */
export function stopped(id: string, other: object = {}): object {
	return {
		deployment_id: id,
		...SAME,
		...GONE,
		action: 'stop',
		changed: true,
		restore: RESTORE,
		...other,
	};
}

/** The whole output for one that was resized. */
export function updated(id: string, number: number, other: object = {}): object {
	const size = { number_of_allocations: number, vcpus: number };
	return { deployment_id: id, ...SAME, action: 'update', changed: true, ...size, ...other };
}

/** The whole output for one that was started. */
export function started(id: string, number: number, other: object = {}): object {
	const size = { number_of_allocations: number, vcpus: number, vcpus_before: 0 };
	return {
		deployment_id: id,
		...SAME,
		action: 'start',
		changed: true,
		...size,
		state: expect.any(String),
		...other,
	};
}

/** The restore object in an output, which is text there. */
export function restoreIn({ restore }: IDataObject): IDataObject {
	return JSON.parse(String(restore)) as IDataObject;
}
