import { refusalOf, type RefusalCode } from '../api/refusals';
import type { Hopeless } from '../deployment/judge';
import type { SelectionProblem } from '../deployment/selection';
import type { Difference } from '../deployment/startSpec';
import type { Absent } from '../deployment/state';
import type { Failure, Purpose, Result } from '../transport/failure';

/** What stands between a deployment and the state that was asked for. */
export type DeploymentProblem =
	| Hopeless
	/** No deployment has this id. @param mayBeIgnored there is an option for those that may be missing */
	| { code: 'not_found'; id: string; look: Absent; mayBeIgnored?: boolean }
	/** It is to have a size, but is not there, and how to start it is not known. */
	| { code: 'nothing_to_scale'; id: string; look: Absent; byPattern: boolean }
	/** Everything that a pattern means is excluded. */
	| { code: 'all_excluded'; pattern: string }
	/** It exists, and the cluster gave up starting it. @param reason null where the cluster gives none */
	| { code: 'failed_before'; id: string; reason: string | null }
	| { code: 'other_settings'; id: string; differences: Difference[] }
	/** `_start` gave up waiting, and the looks after it do not show it. */
	| { code: 'start_not_shown'; id: string }
	| { code: 'not_ready'; id: string; seconds: number; last: string }
	| { code: 'still_stopping'; id: string; seconds: number }
	/** Somebody started it again. @param startTime epoch milliseconds; null where it is not known */
	| { code: 'restarted'; id: string; startTime: number | null; since: 'stop_sent' | 'stopped' }
	/** The same, where somebody stopped it by now. */
	| { code: 'restarted_and_gone'; id: string }
	/** The answer to its stop is lost. @param isLate whether the time ran out */
	| { code: 'stop_unknown'; id: string; isLate: boolean }
	/** The key may not read what takes to bring it back. */
	| { code: 'cannot_record'; id: string }
	/** The key may not read which deployments belong to inference endpoints. */
	| { code: 'owners_unknown' }
	/** The inference endpoint that owns it is adaptive, and its bounds cannot be changed. */
	| { code: 'adaptive_endpoint'; id: string }
	/** The cluster does not let adaptive allocations be turned off. */
	| { code: 'adaptive_kept_on'; id: string };

/** Why something was not done: a request failed, or what the cluster shows speaks against it. */
export type FlowFailure =
	| Failure
	/** @param of the failed request behind it */
	| { kind: 'problem'; problem: DeploymentProblem; of?: Failure }
	/** What a pattern means was not changed. @param mayAllow whether the operation may pass over what matches nothing */
	| { kind: 'selection'; problem: SelectionProblem; mayAllow: boolean }
	/** A dry run sees that Elasticsearch would refuse. */
	| { kind: 'foreseen'; refusal: RefusalCode; purpose: Purpose };

export type FlowResult<T> = Result<T, FlowFailure>;

/** @param of the failed request behind it */
export function problem(
	found: DeploymentProblem,
	of?: Failure,
): Extract<FlowFailure, { kind: 'problem' }> {
	return { kind: 'problem', problem: found, of };
}

/** The refusal of Elasticsearch that a failure is, or would be. */
export function refusalIn(failure: FlowFailure): RefusalCode | undefined {
	switch (failure.kind) {
		case 'foreseen':
			return failure.refusal;
		case 'problem':
		case 'selection':
			return undefined;
		default:
			return refusalOf(failure);
	}
}
