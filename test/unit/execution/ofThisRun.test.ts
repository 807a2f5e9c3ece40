import { withStopsOf } from '../../../nodes/MlDeployment/execution/context';
import type { ClusterMemory } from '../../../nodes/MlDeployment/execution/operation';
import { isToRestore, type StopEntry } from '../../../nodes/MlDeployment/execution/stopEntry';
import { openJournal, stop } from './journals';
import { HERE, open, restore, textOf } from './memories';

/** What earlier runs left. */
function older(...ids: string[]): ClusterMemory {
	const { memory } = open();
	memory.remember(
		HERE,
		ids.map((id) => restore(id)),
	);
	return {
		recall: (id) => memory.recall(HERE, id),
		stopped: () => memory.stoppedOn(HERE),
	} as ClusterMemory;
}

const textIn = (id: string, startTime?: number): string =>
	JSON.stringify(stop(id, startTime).restore);

describe('what is remembered within a run', () => {
	it('is what earlier runs stopped, where this one stopped nothing', () => {
		const memory = withStopsOf(openJournal().forItem(0), older('a', 'b'));
		expect([memory.recall('a'), memory.recall('c')]).toEqual([textOf('a'), undefined]);
		expect(memory.stopped()).toEqual(['a', 'b'].map((id) => ({ id, restore: textOf(id) })));
	});

	it('is what this run stopped before what earlier ones did, whichever item asks', () => {
		const journal = openJournal();
		const memory = withStopsOf(journal.forItem(1), older('a', 'b'));
		journal.forItem(0).enter(stop('a')).state = 'stopped';
		journal.forItem(0).enter(stop('c')).state = 'stopped';
		expect(['a', 'b', 'c'].map(memory.recall)).toEqual([textIn('a'), textOf('b'), textIn('c')]);
		expect(memory.stopped()).toEqual([
			{ id: 'b', restore: textOf('b') },
			{ id: 'a', restore: textIn('a') },
			{ id: 'c', restore: textIn('c') },
		]);
	});

	it('is the last stop of those that this run sent', () => {
		const journal = openJournal();
		const item = journal.forItem(0);
		item.enter(stop('a'));
		item.started('a');
		item.enter(stop('a', 2_000));
		const memory = withStopsOf(item, older('a'));
		expect(memory.recall('a')).toBe(textIn('a', 2_000));
		expect(memory.stopped()).toEqual([{ id: 'a', restore: textIn('a', 2_000) }]);
	});

	it.each<[StopEntry['state'], boolean]>([
		['open', true],
		['stopped', true],
		['gone', true],
		['not_stopped', false],
		['restarted', false],
	])('counts a stop in the state %s: %j', (state, counts) => {
		const journal = openJournal();
		const entry = journal.forItem(0).enter(stop('a'));
		entry.state = state;
		const memory = withStopsOf(journal.forItem(0), older('a'));
		const text = counts ? textIn('a') : textOf('a');
		expect(memory.recall('a')).toBe(text);
		expect(memory.stopped()).toEqual([{ id: 'a', restore: text }]);
		expect(isToRestore(entry)).toBe(counts);
	});

	it('is what earlier runs stopped, once this one has started its own again', () => {
		const item = openJournal().forItem(0);
		const entry = item.enter(stop('a'));
		item.started('a');
		const memory = withStopsOf(item, older('a'));
		expect(memory.recall('a')).toBe(textOf('a'));
		expect(memory.stopped()).toEqual([{ id: 'a', restore: textOf('a') }]);
		expect(isToRestore(entry)).toBe(false);
	});
});
