import { refusalOf, type RefusalCode } from '../api/refusals';
import type { Hopeless } from '../deployment/judge';
import type { SelectionProblem } from '../deployment/selection';
import type { Difference } from '../deployment/startSpec';
import type { Absent, DeploymentState } from '../deployment/state';
import type { Failure, Purpose, Result } from '../transport/failure';

/** Why a deployment does not reach the state that was asked for. */
export type DeploymentProblem =
	| Hopeless
	/** No deployment has this id. @param mayBeIgnored whether an option could ignore that */
	| { code: 'not_found'; id: string; look: Absent; mayBeIgnored?: boolean }
	/** It should get a size but is absent, and nothing says how to start it. */
	| { code: 'nothing_to_scale'; id: string; look: Absent; byPattern: boolean }
	/** A try before this one went on to a later item, which stopped it. @param item its index */
	| { code: 'stopped_by_later'; id: string; item: number }
	/** All that the pattern matches is excluded. */
	| { code: 'all_excluded'; pattern: string }
	/** The cluster gave up starting it before. @param reason null if the cluster gives none */
	| { code: 'failed_before'; id: string; reason: string | null }
	| { code: 'other_settings'; id: string; differences: Difference[] }
	/** `_start` gave up waiting, and later looks do not show the deployment. */
	| { code: 'start_not_shown'; id: string }
	| { code: 'not_ready'; id: string; seconds: number; last: string }
	/** It was waited for, and is stopping. */
	| { code: 'stops_instead'; id: string; seconds: number }
	| { code: 'still_stopping'; id: string; seconds: number }
	/** Somebody started it again. @param startTime epoch milliseconds; null if unknown */
	| { code: 'restarted'; id: string; startTime: number | null; since: 'stop_sent' | 'stopped' }
	/** Somebody started it again, and it is gone by now. */
	| { code: 'restarted_and_gone'; id: string }
	/**
	 * The answer to its stop is lost.
	 * @param isLate whether the time ran out
	 * @param shown how the last look showed it; null if no look came through, absent if none was made
	 */
	| { code: 'stop_unknown'; id: string; isLate: boolean; shown?: DeploymentState | null }
	/** The key may not read what a restore needs. */
	| { code: 'cannot_record'; id: string }
	/** The key may not read which deployments belong to inference endpoints. */
	| { code: 'owners_unknown' }
	/** The key may not read inference endpoints, so what they miss is not known. */
	| { code: 'endpoints_unreadable' }
	/** An adaptive inference endpoint owns it, and the endpoint's bounds cannot be changed. */
	| { code: 'adaptive_endpoint'; id: string }
	/** It should get a fixed number, but it was adaptive when it was recorded. */
	| { code: 'recorded_adaptive'; id: string }
	/** The workflow does not remember to have stopped it. @param id it, or the pattern */
	| { code: 'not_remembered'; id: string; isNewer: boolean; isElsewhere: boolean }
	/** The workflow remembers it, but its model is gone. */
	| { code: 'model_deleted'; id: string; modelId: string }
	/** The workflow stopped it, but its memory was full. */
	| { code: 'dropped'; id: string }
	/** It gave a warning in place of a value. */
	| { code: 'no_value'; id: string; warning: string }
	/**
	 * It reached its state, but gave no answer to a text.
	 * @param seconds how long it was asked; null if asking on would not have helped
	 */
	| { code: 'probe_unanswered'; id: string; seconds: number | null }
	/** It is at zero, so that a request would wake it, and whoever asks may not do that. */
	| { code: 'may_not_wake'; id: string }
	/** The cluster does not let adaptive allocations be turned off. */
	| { code: 'adaptive_kept_on'; id: string };

/** Why a flow failed: a request failed, or what the cluster shows rules it out. */
export type FlowFailure =
	| Failure
	/** @param of the failed request behind it */
	| { kind: 'problem'; problem: DeploymentProblem; of?: Failure }
	/** A pattern was refused. @param mayAllow whether an option could let it match nothing */
	| { kind: 'selection'; problem: SelectionProblem; mayAllow: boolean }
	/** A dry run foresees that Elasticsearch would refuse. */
	| { kind: 'foreseen'; refusal: RefusalCode; purpose: Purpose };

export type FlowResult<T> = Result<T, FlowFailure>;

/** Makes a failure of a problem. @param of the failed request behind it */
export function problem(
	found: DeploymentProblem,
	of?: Failure,
): Extract<FlowFailure, { kind: 'problem' }> {
	return { kind: 'problem', problem: found, of };
}

/** The code of the refusal that a failure is, or that a dry run foresees; undefined for others. */
export function refusalIn(failure: FlowFailure): RefusalCode | undefined {
	if (failure.kind === 'foreseen') return failure.refusal;
	return failure.kind === 'response' ? refusalOf(failure) : undefined;
}
