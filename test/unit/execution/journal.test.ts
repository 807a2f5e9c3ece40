import type { IDataObject } from 'n8n-workflow';

import { withResult } from '../../../nodes/MlDeployment/execution/journal';
import type { Outcome, Success, WriteScope } from '../../../nodes/MlDeployment/execution/operation';
import { openJournal, stop } from './journals';

const failed: Outcome = { failure: { kind: 'timeout', purpose: 'stop' } };

/** The output of a change, and of what was found as it should be. */
const changed = (id: string | null, did = `stopped '${id}'`): Success => ({
	json: { deployment_id: id },
	did,
});
const unchanged = (id: string | null, reason: string | null = null): Success => ({
	json: { deployment_id: id, reason },
});
const waiting = (outcome: Success): Success => ({
	...outcome,
	wait: async () => await Promise.resolve(outcome),
});

type Item = [scope: WriteScope, ...results: Outcome[]];

/** The context that a first try with these items leaves when it has failed. */
function leftBy(...items: Item[]): IDataObject {
	const context = {};
	openJournal(context).keep(items.map(([scope, ...results]) => ({ scope, results })));
	return context;
}

describe('the try after a failure', () => {
	it.each<[string, Item, Success[], boolean]>([
		['skips an item with a change', [{ id: 'a' }, changed('a')], [changed('a')], true],
		['skips one without', [{ id: 'a' }, unchanged('a')], [unchanged('a')], true],
		['skips one that only reads', ['none', unchanged('a')], [unchanged('a')], true],
		['runs again what failed', [{ id: 'a' }, failed], [], false],
		['runs again what had no turn', [{ id: 'a' }], [], false],
		['keeps a change beside a failure', ['none', changed('a'), failed], [changed('a')], false],
		['looks again beside a failure', ['none', unchanged('a'), failed], [], false],
		[
			'runs a pattern again, which may match others by then, and keeps its changes',
			['any', changed('a'), unchanged('b')],
			[changed('a')],
			false,
		],
		['waits again for a change', [{ id: 'a' }, waiting(changed('a'))], [], false],
		[
			'waits again beside what needs no wait',
			['none', unchanged('a'), waiting(changed('b'))],
			[],
			false,
		],
	])('%s', (_what, item, before, isDone) => {
		const next = openJournal(leftBy(item));
		expect(next.doneBefore(0)).toEqual(before);
		expect(next.doneBefore(1)).toEqual([]);
		expect([...next.doneItems([item[0]])]).toEqual(isDone ? [0] : []);
	});

	it.each<[string, WriteScope[], number[]]>([
		['that are the same', [{ id: 'a' }, { id: 'b' }, { id: 'a' }, 'none', 'none'], [0, 1, 2, 3, 4]],
		[
			'but not those for an id that is asked for by an item that runs again',
			[{ id: 'other' }, { id: 'b' }, { id: 'a' }, 'none', 'none'],
			[1, 2, 3, 4],
		],
		[
			'but not later ones for the same id, because their order counts',
			[{ id: 'a' }, { id: 'a' }, { id: 'a' }, 'none', 'none'],
			[0, 3, 4],
		],
		[
			'but none behind a pattern that runs again',
			[{ id: 'a' }, 'any', { id: 'a' }, 'none', 'none'],
			[0],
		],
		[
			'also behind one that only reads and runs again',
			[{ id: 'a' }, { id: 'b' }, 'none', 'none', 'none'],
			[0, 1, 3, 4],
		],
		['as far as there are any', [{ id: 'a' }], [0]],
	])('skips items %s', (_what, scopes, done) => {
		const before: Item[] = [
			[{ id: 'a' }, changed('a')],
			[{ id: 'b' }, changed('b')],
			[{ id: 'a' }, unchanged('a')],
			['none', unchanged('a')],
			['none', unchanged('a')],
		];
		expect([...openJournal(leftBy(...before)).doneItems(scopes)]).toEqual(done);
	});

	it('knows the stops of the one before, in their places', () => {
		const context = {};
		const first = openJournal(context);
		first.forItem(0).enter(stop('a'));
		first.forItem(1).enter(stop('b'));
		first.keep([]);
		const next = openJournal(JSON.parse(JSON.stringify(context)) as IDataObject);
		expect(next.forItem(0).lastStop('a')).toMatchObject({ id: 'a', at: 0, item: 0 });
		expect(next.forItem(2).enter(stop('c'))).toMatchObject({ at: 2, item: 2 });
		expect(next.restores()).toEqual(['a', 'b', 'c'].map((id) => stop(id).restore));
	});

	it.each<[string, Parameters<typeof openJournal>[1]]>([
		['another execution, such as a retry of this one, which keeps its data', { executionId: '8' }],
		['another turn of a loop', { runIndex: 1 }],
		['an agent, which may call its tool several times', { forAgent: true }],
	])('is not %s', (_what, of) => {
		const context = leftBy([{ id: 'a' }, changed('a')]);
		expect(openJournal(context, { runIndex: '0' }).doneBefore(0)).toHaveLength(1);
		const other = openJournal(context, of);
		expect(other.doneBefore(0)).toEqual([]);
		expect(other.doneItems([{ id: 'a' }]).size).toBe(0);
	});

	it('does not come after a success, so nothing is kept', () => {
		const context = { ...leftBy([{ id: 'a' }, changed('a')]), other: 1 };
		openJournal(context).forget();
		expect(context).toEqual({ other: 1 });
	});

	it('of an agent is none, so nothing is kept, nor taken from others', () => {
		const context = leftBy([{ id: 'a' }, changed('a')]);
		const before = JSON.stringify(context);
		const agents = openJournal(context, { forAgent: true });
		agents.forItem(0).enter(stop('b'));
		agents.keep([{ scope: { id: 'b' }, results: [changed('b')] }]);
		agents.forget();
		expect(JSON.stringify(context)).toBe(before);
	});
});

describe('a result of a further try', () => {
	const before: Outcome[] = [changed('a'), failed, unchanged('b')];
	const started = changed('a', "started 'a'");

	it.each<[string, Outcome, Outcome[]]>([
		['is dropped where it only repeats an earlier one', unchanged('a', 'not_deployed'), before],
		['is dropped where it only repeats what was left alone', unchanged('b'), before],
		['replaces an earlier one where it did more', started, [failed, unchanged('b'), started]],
		['stands beside those of others', unchanged('c'), [...before, unchanged('c')]],
		['stands beside those of others, as a change', changed('c'), [...before, changed('c')]],
		['stands beside those of others, as a failure', failed, [...before, failed]],
		[
			'is dropped where nothing is left to start, because all was',
			unchanged(null, 'nothing_to_restore'),
			before,
		],
		[
			'tells what a part of a pattern matches: nothing',
			unchanged(null, 'no_match'),
			[...before, unchanged(null, 'no_match')],
		],
		[
			'tells that there was nothing to start for an id',
			unchanged('c', 'nothing_to_restore'),
			[...before, unchanged('c', 'nothing_to_restore')],
		],
	])('%s', (_what, result, after) => {
		expect(withResult(before, result, before.length)).toEqual(after);
	});

	it.each<[string, Outcome]>([
		['the same id again', unchanged('a')],
		['a change of the same id', started],
		['nothing to start', unchanged(null, 'nothing_to_restore')],
	])('leaves those of its own try as they are: %s', (_what, result) => {
		expect(withResult([changed('a')], result, 0)).toEqual([changed('a'), result]);
	});
});
