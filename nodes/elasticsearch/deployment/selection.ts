/** Which deployments a pattern means, and which of them are left alone on purpose. Pure. */

import { ageMinutes, idleMinutes } from './deployment';
import { matches, unmatchedParts, type Pattern } from './pattern';
import { accepted, refused, type Checked } from '../transport/failure';
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
	/** Whether a part of the pattern may match nothing. */
	allowNoMatch: boolean;
	/** What to do where that may be; absent where it never may. */
	ifItMayBe?: string;
	/** More matches than this are refused. */
	maxMatches: number;
}

/**
 * Resolves a pattern against all deployments, or refuses it before anything is changed.
 * @param entries all that `_stats` lists, models without a deployment too
 * @param gone ids that may be named although they are there no longer, because this run stopped them
 */
export function select(
	entries: readonly StatsEntry[],
	pattern: Pattern,
	rules: SelectionRules,
	gone: readonly string[],
): Checked<Selection> {
	const deployments = entries.flatMap((entry) => entry.deployment ?? []);
	const ids = [...deployments.map((each) => each.id), ...gone];
	const unmatched = unmatchedParts(pattern, ids);
	if (unmatched.length > 0 && !rules.allowNoMatch) {
		return refused(
			`No deployment matches '${unmatched.join("', '")}', so nothing was changed`,
			`Check the pattern with the operation Get Many; a stopped deployment matches nothing${rules.ifItMayBe === undefined ? '' : `. If that may be, ${rules.ifItMayBe}`}`,
		);
	}
	const unusedExcludes = unmatchedParts(rules.exclude, ids);
	for (const part of unusedExcludes) {
		const others = deployments.filter(({ modelId }) => modelId === part).map(({ id }) => id);
		if (others.length > 0) return refused(...excludesModel(part, others));
	}
	const all = deployments.filter((each) => matches(pattern, each.id));
	const isExcluded = (each: Deployment): boolean => matches(rules.exclude, each.id);
	const matched = all.filter((each) => !isExcluded(each));
	if (matched.length > rules.maxMatches) {
		const some = matched.slice(0, 5).map((each) => `'${each.id}'`);
		return refused(
			`The pattern '${pattern.join(',')}' matches ${matched.length} deployments, more than 'Max Matches' of ${rules.maxMatches}, so nothing was changed`,
			`Narrow the pattern, or raise 'Max Matches' if all of them are meant: ${some.join(', ')}${matched.length > 5 ? ', …' : ''}`,
		);
	}
	return accepted({ matched, excluded: all.filter(isExcluded), unmatched, unusedExcludes });
}

/** Deployments are named by their own ids: a model's id would protect none of its deployments. */
function excludesModel(modelId: string, deploymentIds: string[]): [string, string] {
	const ids = deploymentIds.map((each) => `'${each}'`).join(', ');
	return [
		`'${modelId}' in 'Exclude' is a model, not a deployment, so nothing was changed`,
		`Name its deployments in 'Exclude' instead: ${ids}`,
	];
}

export interface Guards {
	/** Stop only what had no request for so many minutes. */
	onlyIfIdleMinutes?: number;
	/** Stop only what was started at least so many minutes ago. */
	minAgeMinutes?: number;
}

export type LeftAlone = 'not_idle' | 'too_young';

/**
 * Why a deployment is left alone; undefined where nothing speaks against stopping it. What the
 * cluster doesn't tell counts against it: unknown idleness is not idle.
 * @param now epoch milliseconds
 */
export function leftAlone(
	deployment: Deployment,
	guards: Guards,
	now: number,
): LeftAlone | undefined {
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
