/** What a request that meets a fault comes to, by what the request does and what the fault tells. */

import type { Purpose } from '../../nodes/elasticsearch/transport/failure';
import { isRepeated, type Fault, type Words } from './list/fault';
import type { Play } from './operations';
import type { Plan, Sent } from './stage';

/**
 * What a request is for in its operation:
 * - `look`: a read that the operation cannot do without
 * - `watch`: a look of a wait, which the next look follows anyway
 * - `owners`: the list of inference endpoints, which a pattern needs unless the key may not read it
 * - `side`: a read that outputs only mention
 */
export type Role = 'look' | 'watch' | 'owners' | 'side' | Exclude<Purpose, 'read'>;

export interface Expected {
	/** Whether the operation ends as if nothing had been. */
	isWell: boolean;
	/** How often the request is sent; undefined where it is asked until the time is up. */
	sends?: number;
	/** What a person reads at the end, message and description together. */
	words?: Words;
}

/** The option Retries allows three repetitions. */
const MOST = 4;
/** A wait ends where another look would fail alike. */
const ENDS_A_WAIT = /^(401|403|a redirect)/;

const CANNOT_RECORD: Words = [
	'{It} was not stopped: the API key may not read its settings',
	'Fail If Settings Cannot Be Saved',
];
const STOP_UNKNOWN: Words = ['Whether {it} ', 'operation Get'];

export function purposeOf(path: string): Purpose {
	if (path.endsWith('/_stop')) return 'stop';
	if (path.endsWith('/_start')) return 'start';
	if (path.endsWith('/_update')) return 'update';
	if (path.endsWith('/_infer')) return 'infer';
	return path.endsWith('/_clear') ? 'clearCache' : 'read';
}

/** The role of a request in a run without faults. @param place among all its requests */
export function roleOf(play: Play, sent: readonly Sent[], place: number): Role {
	const { path } = sent[place];
	const purpose = purposeOf(path);
	if (purpose !== 'read') return purpose;
	if (path === '/_inference/_all') return play.isPattern === true ? 'owners' : 'side';
	const isModel = /trained_models\/(?!_stats)[^/]+$/.test(path);
	if (isModel) return sent.some((each) => purposeOf(each.path) === 'infer') ? 'look' : 'side';
	// The first look of a wait only tells a wrong id from one that vanishes.
	if (play.isWait === true) return place === 0 ? 'side' : 'watch';
	const before = sent.slice(0, place).map((each) => each.path);
	const isStarted = before.some((each) => each.endsWith('/_start'));
	return isStarted ? 'watch' : 'look';
}

/** @param isStop whether it is a stop by id, which needs to record what it stops */
export function expectedOf(role: Role, plan: Omit<Plan, 'first'>, isStop: boolean): Expected {
	const { fault, span } = plan;
	const { kind } = fault;
	const repeats = isRepeated(kind);
	const well = (sends: number): Expected => ({ isWell: true, sends });
	const fails = (sends: number, purpose: Purpose = 'read'): Expected => ({
		isWell: false,
		sends,
		words: wordsOf(fault, purpose),
	});
	switch (role) {
		case 'side':
			return { isWell: true };
		case 'owners':
			if (fault.name === '403 for want of a privilege') return well(1);
			return ofLook(plan, well, fails);
		case 'watch':
			if (ENDS_A_WAIT.test(fault.name)) return fails(1);
			if (span === 'once') return well(2);
			return { isWell: false, words: [' s', 'the last look failed'] };
		case 'look':
			if (isStop && fault.name === '403 for want of a privilege') {
				return { ...fails(1), words: CANNOT_RECORD };
			}
			return ofLook(plan, well, fails);
		case 'start':
			return ofStart(plan, well, (sends) => fails(sends, 'start'));
		case 'stop':
			return ofStop(plan, well, fails);
		default:
			if (!repeats) return fails(1, role);
			return span === 'once' ? well(2) : fails(MOST, role);
	}
}

type Well = (sends: number) => Expected;
type Fails = (sends: number, purpose?: Purpose) => Expected;

function ofLook({ fault, span }: Omit<Plan, 'first'>, well: Well, fails: Fails): Expected {
	if (!isRepeated(fault.kind)) return fails(1);
	return span === 'once' ? well(2) : fails(MOST);
}

function ofStart({ fault, span, runs }: Omit<Plan, 'first'>, well: Well, fails: Fails): Expected {
	switch (fault.kind) {
		case 'unsent':
			return span === 'once' ? well(2) : fails(MOST);
		case 'kept out':
		case 'refused':
			return fails(1);
		case 'turned away':
		case 'throttled':
			// One look decides, and it is not sent again.
			return runs && span !== 'all' ? well(1) : fails(1);
		default:
			if (span === 'all') return fails(1);
			if (runs) return well(1);
			return span === 'once' ? well(2) : fails(MOST);
	}
}

function ofStop({ fault, span, runs }: Omit<Plan, 'first'>, well: Well, fails: Fails): Expected {
	const unknown = (sends: number): Expected => ({ isWell: false, sends, words: STOP_UNKNOWN });
	switch (fault.kind) {
		case 'unsent':
			if (span === 'once') return well(2);
			// The look before the next try fails too, and that ends it.
			return span === 'all' ? fails(1) : fails(MOST, 'stop');
		case 'kept out':
		case 'refused':
			return fails(1, 'stop');
		case 'turned away':
		case 'throttled':
			if (span === 'all') return ENDS_A_WAIT.test(fault.name) ? fails(1) : unknown(1);
			return runs ? well(1) : fails(1, 'stop');
		default:
			if (span === 'all') return unknown(1);
			if (runs) return well(1);
			return span === 'once' ? well(2) : unknown(2);
	}
}

function wordsOf({ words, wordsFor }: Fault, purpose: Purpose): Words {
	return wordsFor?.[purpose] ?? words;
}

/** The text in which a message names its deployment, which is one of these and no other. */
export function worded(text: string, ids: readonly string[]): RegExp {
	const parts = text.split(/\{[Ii]t\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(parts.join(`[Tt]he (?:deployment|model)(?: '(?:${ids.join('|')})')?`));
}
