import type { Failed, Outcome, Success } from '../../../nodes/MlDeployment/execution/operation';
import type { Journal } from '../../../nodes/MlDeployment/execution/journal';
import type { StopEntry } from '../../../nodes/MlDeployment/execution/stopEntry';
import { openJournal, stop } from './journals';

const STATES: Array<StopEntry['state']> = ['open', 'stopped', 'gone', 'not_stopped', 'restarted'];

/** A journal with one stop in each state, whose deployment is called like it. */
function withEachState(): Journal {
	const journal = openJournal();
	for (const state of STATES) journal.forItem(0).enter(stop(state)).state = state;
	return journal;
}

const idsOf = (entries: readonly StopEntry[]): string[] => entries.map(({ id }) => id);

describe('a stop in the journal', () => {
	it('is open at first, and belongs to the item that sent it', () => {
		const journal = openJournal();
		const entry = journal.forItem(3).enter(stop('a'));
		expect(entry).toEqual({ ...stop('a'), at: 0, item: 3, state: 'open', isOver: false });
		expect([2, 3].map((item) => journal.forItem(item).isOwn(entry))).toEqual([false, true]);
	});

	it('belongs to the item that found out its end', () => {
		const journal = openJournal();
		const entry = journal.forItem(0).enter(stop('a'));
		journal.forItem(1).adopt(entry);
		expect([0, 1].map((item) => journal.forItem(item).isOwn(entry))).toEqual([false, true]);
	});

	it('takes a later snapshot, and keeps its place', () => {
		const journal = openJournal();
		const entry = journal.forItem(0).enter(stop('a'));
		journal.forItem(0).renew(entry, stop('a', 2_000));
		expect(journal.forItem(0).lastStop('a')).toMatchObject({ ...stop('a', 2_000), at: 0 });
	});

	it('is known to every item, the last one for each id', () => {
		const journal = openJournal();
		journal.forItem(0).enter(stop('a'));
		const last = journal.forItem(0).enter(stop('a', 2_000));
		expect(journal.forItem(1).lastStop('a')).toBe(last);
		expect(journal.forItem(1).lastStop('b')).toBeUndefined();
		expect(journal.forItem(1).knownStops()).toEqual([last]);
	});

	it('counts by its state', () => {
		const journal = withEachState();
		const seen = journal.forItem(1);
		expect(idsOf(seen.openStops())).toEqual(['open']);
		expect(idsOf(seen.knownStops())).toEqual(['open', 'stopped', 'gone', 'restarted']);
		expect(journal.restores()).toEqual(['open', 'stopped', 'gone'].map((id) => stop(id).restore));
	});

	it('is history once this run has started the deployment again', () => {
		const journal = withEachState();
		const own = journal.forItem(0);
		for (const id of STATES) own.started(id);
		expect(own.openStops()).toEqual([]);
		expect(own.knownStops()).toEqual([]);
		expect(own.lastStop('stopped')).toBeUndefined();
		expect(journal.restores()).toEqual([]);
	});

	it('is to be restored nevertheless where nobody knows whether that start ended well', () => {
		const journal = withEachState();
		for (const id of STATES) journal.forItem(0).started(id);
		const unsure = new Set(['stopped', 'not_stopped', 'another']);
		expect(journal.restores(unsure)).toEqual([stop('stopped').restore]);
		expect(journal.forItem(0).lastStop('stopped')).toBeUndefined();
	});

	it('is none where a deployment is started that this run did not stop', () => {
		const journal = openJournal();
		journal.forItem(0).enter(stop('a'));
		journal.forItem(0).started('b');
		expect(idsOf(journal.forItem(0).knownStops())).toEqual(['a']);
	});
});

describe('a stop by a later item', () => {
	it.each<[StopEntry['state'], number | undefined]>([
		['open', 2],
		['stopped', 2],
		['gone', 2],
		['not_stopped', undefined],
		['restarted', undefined],
	])('in the state %s is told to those before it as that of item %j', (state, told) => {
		const journal = openJournal();
		journal.forItem(2).enter(stop('a')).state = state;
		const tellers = [1, 2, 3].map((item) => journal.forItem(item).stoppedByLater('a'));
		expect(tellers).toEqual([told, undefined, undefined]);
		expect(journal.forItem(1).stoppedByLater('b')).toBeUndefined();
	});

	it('is none any more once this run has started the deployment again', () => {
		const journal = openJournal();
		journal.forItem(2).enter(stop('a'));
		journal.forItem(3).started('a');
		expect(journal.forItem(1).stoppedByLater('a')).toBeUndefined();
	});
});

describe('each stop is reported exactly once', () => {
	/** The output of a stop that a job reports. */
	const told = ({ at, id, restore }: StopEntry): Success => ({
		json: { deployment_id: id, restore: JSON.stringify(restore), warnings: ['It was adaptive'] },
		did: `stopped '${id}'`,
		stop: at,
	});
	const silent = (id: string): Outcome => ({ json: { deployment_id: id, restore: null } });
	const failure = { kind: 'timeout', purpose: 'stop' } as const;
	const failed = (deploymentId?: string, done?: Success): Failed => ({
		failure,
		...(deploymentId !== undefined && { subject: { deploymentId } }),
		...(done !== undefined && { done }),
	});

	/** The results after the report. */
	function reported(journal: Journal, ...results: Outcome[][]): Outcome[][] {
		journal.report(results, told);
		return results;
	}

	function entered(...ids: string[]) {
		const journal = openJournal();
		return { journal, entries: ids.map((id, item) => journal.forItem(item).enter(stop(id))) };
	}

	it('by the output that holds it', () => {
		const { journal, entries } = entered('a');
		expect(reported(journal, [told(entries[0])])).toEqual([[told(entries[0])]]);
	});

	it('by the failure that holds it', () => {
		const { journal, entries } = entered('a');
		const result = failed('a', told(entries[0]));
		expect(reported(journal, [{ ...result }])).toEqual([[result]]);
	});

	it('by the last of several outputs, which knows most', () => {
		const { journal, entries } = entered('a');
		const last = told(entries[0]);
		expect(reported(journal, [told(entries[0])], [last])).toEqual([
			[{ json: { deployment_id: 'a', restore: null }, did: "stopped 'a'", stop: 0 }],
			[last],
		]);
	});

	it('by an output behind the failure that held it', () => {
		const { journal, entries } = entered('a');
		const last = told(entries[0]);
		const [[first], second] = reported(journal, [failed('a', told(entries[0]))], [last]);
		expect(first).toEqual({ ...failed('a'), done: undefined });
		expect(second).toEqual([last]);
	});

	it('and by nothing where another item found out that it never ran', () => {
		const { journal, entries } = entered('a');
		entries[0].state = 'not_stopped';
		const [[output], [failing]] = reported(
			journal,
			[told(entries[0])],
			[failed('a', told(entries[0]))],
		);
		expect(output).toMatchObject({ json: { restore: null } });
		expect(failing).toEqual({ ...failed('a'), done: undefined });
	});

	it.each<[string, Failed]>([
		['that is about it', failed('a')],
		['that is about no deployment', failed()],
	])('by a failure of its item %s, where no output does', (_what, result) => {
		const { journal, entries } = entered('a');
		const after = reported(journal, [silent('x'), { ...result }]);
		expect(after).toEqual([[silent('x'), { ...result, done: told(entries[0]) }]]);
	});

	it.each<[string, Outcome[]]>([
		['has no outcome', []],
		['has other outputs', [silent('x')]],
		['failed for another deployment', [failed('b')]],
		['failed with another stop', [failed('a', { json: { deployment_id: 'x' } })]],
	])('else by an output of its own, where its item %s', (_what, outcomes) => {
		const { journal, entries } = entered('a');
		expect(reported(journal, [...outcomes], [failed('a')])).toEqual([
			[...outcomes, told(entries[0])],
			[failed('a')],
		]);
	});

	it('by the failure of its item with what is known of it, where its end is not', () => {
		const { journal, entries } = entered('a');
		const done = told(entries[0]);
		const results: Outcome[][] = [[failed()]];
		journal.report(results, () => ({ failure: { kind: 'canceled', purpose: 'stop' }, done }));
		expect(results).toEqual([[failed(undefined, done)]]);
	});

	it.each(STATES)('in the state %s only where it may have worked', (state) => {
		const { journal, entries } = entered('a');
		entries[0].state = state;
		const isTold = state !== 'gone' && state !== 'not_stopped';
		expect(reported(journal, [])).toEqual([isTold ? [told(entries[0])] : []]);
	});

	it('although this run has started the deployment again', () => {
		const { journal, entries } = entered('a');
		entries[0].state = 'stopped';
		journal.forItem(0).started('a');
		expect(reported(journal, [])).toEqual([[told(entries[0])]]);
	});
});
