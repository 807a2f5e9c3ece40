/** Which deployments a pattern means, and which of them are skipped on purpose. Pure. */

import { ageMinutes, idleMinutes } from './deployment';
import { matches, unmatchedParts, type Pattern } from './pattern';
import { accepted, refused, type Checked } from '../transport/check';
import type { Deployment, StatsEntry } from './state';

export interface Selection {
	/** In the cluster's order. */
	matched: Deployment[];
	/** Matched, but named by `exclude`. */
	excluded: Deployment[];
	/** Parts of the pattern that nothing matches. */
	unmatched: string[];
	/** Parts of `exclude` that nothing matches. */
	unusedExcludes: string[];
}

export interface SelectionRules {
	exclude: Pattern;
	/** Whether a part of the pattern may match nothing; absent if the operation never allows it. */
	allowNoMatch?: boolean;
	/** The selection is refused if more match. */
	maxMatches: number;
}

/** Why a pattern is refused. */
export type SelectionProblem =
	| { code: 'no_match'; parts: string[] }
	/** `exclude` takes deployment ids: a model's id would protect none of its deployments. */
	| { code: 'excludes_model'; modelId: string; ids: string[] }
	| { code: 'too_many'; pattern: Pattern; ids: string[]; most: number };

/**
 * Resolves a pattern against all deployments, or refuses it before anything is changed.
 * @param entries all that `_stats` lists, including models without a deployment
 * @param gone ids that a part may match although this run stopped them
 */
export function select(
	entries: readonly StatsEntry[],
	pattern: Pattern,
	rules: SelectionRules,
	gone: readonly string[],
): Checked<Selection, SelectionProblem> {
	const deployments = entries.flatMap((entry) => entry.deployment ?? []);
	const ids = [...deployments.map((each) => each.id), ...gone];
	const unmatched = unmatchedParts(pattern, ids);
	if (unmatched.length > 0 && rules.allowNoMatch !== true) {
		return refused({ code: 'no_match', parts: unmatched });
	}
	const unusedExcludes = unmatchedParts(rules.exclude, ids);
	for (const modelId of unusedExcludes) {
		const others = deployments.filter((each) => each.modelId === modelId).map(({ id }) => id);
		if (others.length > 0) return refused({ code: 'excludes_model', modelId, ids: others });
	}
	const all = deployments.filter((each) => matches(pattern, each.id));
	const isExcluded = (each: Deployment): boolean => matches(rules.exclude, each.id);
	const matched = all.filter((each) => !isExcluded(each));
	if (matched.length > rules.maxMatches) {
		const found = matched.map(({ id }) => id);
		return refused({ code: 'too_many', pattern, ids: found, most: rules.maxMatches });
	}
	return accepted({ matched, excluded: all.filter(isExcluded), unmatched, unusedExcludes });
}

export interface Guards {
	/** Stop it only if it had no request for so many minutes. */
	onlyIfIdleMinutes?: number;
	/** Stop it only if it was started at least so many minutes ago. */
	minAgeMinutes?: number;
}

export type SkipReason = 'not_idle' | 'too_young';

/**
 * Why a guard skips a deployment; undefined if it may be stopped. What the cluster does not tell
 * counts against a stop: unknown idleness is not idle.
 * @param now epoch milliseconds
 */
export function reasonToSkip(
	deployment: Deployment,
	guards: Guards,
	now: number,
): SkipReason | undefined {
	if (guards.minAgeMinutes !== undefined) {
		const age = ageMinutes(deployment, now);
		if (age === null || age < guards.minAgeMinutes) return 'too_young';
	}
	if (guards.onlyIfIdleMinutes !== undefined) {
		const idle = idleMinutes(deployment, now);
		if (idle === null || idle < guards.onlyIfIdleMinutes) return 'not_idle';
	}
	return undefined;
}
