import { listStats } from '../../elasticsearch/deployments';
import type { Pattern } from '../../elasticsearch/pattern';
import { failed, success, type Result } from '../../elasticsearch/result';
import { select, type Selection, type SelectionRules } from '../../elasticsearch/selection';
import type { ItemInput } from '../itemInput';
import type { Session } from '../operation';

/** How a pattern is read; an operation adds what may match nothing. */
export function readRules(input: ItemInput): Omit<SelectionRules, 'allowNoMatch'> {
	return {
		exclude: input.optionalPattern('exclude', 'Exclude'),
		maxMatches: input.number('maxMatches', 'Max Matches', 1),
	};
}

/**
 * The deployments that a pattern means. Elasticsearch's `_stop` and `_update` know one exact id
 * (elasticsearch-facts 2.2), so patterns are resolved here, through all pages of `_stats`.
 */
export async function selectMatching(
	session: Session,
	pattern: Pattern,
	rules: SelectionRules,
): Promise<Result<Selection>> {
	const stats = await listStats(session.connection);
	if (!stats.ok) return stats;
	const deployments = stats.value.flatMap((entry) => entry.deployment ?? []);
	const selection = select(deployments, pattern, rules);
	return selection.ok
		? success(selection.value)
		: failed({ kind: 'outcome', ...selection.refusal });
}
