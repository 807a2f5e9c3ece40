import { listStats } from '../../../elasticsearch/api/deployments';
import type { Pattern } from '../../../elasticsearch/deployment/pattern';
import type { FlowResult } from '../../../elasticsearch/flows/failure';
import { failed, success } from '../../../elasticsearch/transport/failure';
import {
	select,
	type Selection,
	type SelectionRules,
} from '../../../elasticsearch/deployment/selection';
import { maxMatches } from '../../parameters/fields';
import { exclude } from '../../parameters/options';
import type { ItemInput } from '../../parameters/itemParameters';
import { isFailed, type Outcome, type RunContext } from '../../execution/operation';

/** Reads the rules for a pattern; the operation adds whether it may match nothing. */
export function readRules(input: ItemInput): SelectionRules {
	const isEmpty = (input.optionalText(exclude) ?? '').trim() === '';
	return {
		exclude:
			(isEmpty ? undefined : input.optionalPattern(exclude, 'enter the id without it')) ?? [],
		maxMatches: input.number(maxMatches),
	};
}

/**
 * The deployments that a pattern means. Elasticsearch's `_stop` and `_update` take one exact id
 * (docs/elasticsearch-behaviour.md, "Stop: exact ids only"),
 * so patterns are resolved here, over all pages of `_stats`.
 * @param gone ids that a part may match although this run stopped them
 */
export async function selectMatching(
	context: RunContext,
	pattern: Pattern,
	rules: SelectionRules,
	gone: readonly string[] = [],
): Promise<FlowResult<Selection>> {
	const stats = await listStats(context.connection);
	if (!stats.ok) return stats;
	const selection = select(stats.value, pattern, rules, gone);
	if (selection.ok) return success(selection.value);
	const mayAllow = rules.allowNoMatch !== undefined;
	return failed({ kind: 'selection', problem: selection.problem, mayAllow });
}

/** Warnings about a selection that is odd, but no failure. */
export function warningsOf({ unusedExcludes }: Selection): string[] {
	return unusedExcludes.map((part) => `'${part}' in 'Exclude' matches no deployment`);
}

/** Moves the warnings into an outcome that is no failure; the list is empty afterwards. */
export function warned(outcome: Outcome, warnings: string[]): Outcome {
	if (warnings.length === 0 || isFailed(outcome)) return outcome;
	const own = (outcome.json.warnings as string[] | undefined) ?? [];
	return { ...outcome, json: { ...outcome.json, warnings: [...own, ...warnings.splice(0)] } };
}
