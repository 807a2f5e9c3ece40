import { HERE, open, restore, textOf, THERE } from './memories';

/** What a newer version may write: a key, or a schema, that this one does not know. */
const withKey = (id: string, cluster: string | undefined = HERE): string =>
	JSON.stringify({ ...restore(id), cluster, allocation_tier: 'hot' });
const ofSchema2 = (id: string): string => JSON.stringify({ ...restore(id), schema: 2 });
const withoutCluster = (id: string): string =>
	JSON.stringify({ ...restore(id), cluster: undefined });

const STORED = { version: 1, clusters: [HERE, THERE], stopped: [textOf('a')], dropped: [] };
const storedWith = (...stopped: unknown[]) => ({ ...STORED, stopped });

describe('an entry that this version cannot read', () => {
	it.each<[string, string]>([
		['an unknown key', withKey('n')],
		['another schema', ofSchema2('n')],
		['no cluster', withoutCluster('n')],
		['a cluster that is no text', JSON.stringify({ ...restore('n'), cluster: 7 })],
		['blanks that JSON does not need', ` ${withKey('n')} `],
	])('with %s is carried along letter by letter, and is none to start from', (_what, text) => {
		const { memory, saved } = open(storedWith(textOf('a'), text));
		expect(memory.unreadOn(HERE)).toEqual(['n']);
		expect(memory.recall(HERE, 'n')).toBeUndefined();
		expect(memory.stoppedOn(HERE)).toEqual([{ id: 'a', restore: textOf('a') }]);
		memory.remember(HERE, [restore('b')]);
		expect(saved()).toEqual(storedWith(text, textOf('a'), textOf('b')));
	});

	it('is of its cluster, or of every one where it names none', () => {
		const { memory } = open(storedWith(withKey('n', THERE), withoutCluster('m')));
		expect(memory.unreadOn(HERE)).toEqual(['m']);
		expect(memory.unreadOn(THERE)).toEqual(['n', 'm']);
	});

	it('makes its cluster known, if it names one', () => {
		const text = [withKey('n', 'another'), withoutCluster('m')];
		const { memory, saved } = open({ ...storedWith(...text), clusters: [] });
		expect([HERE, 'another'].map(memory.knows)).toEqual([false, true]);
		memory.visit(HERE);
		expect(saved()).toEqual({ ...storedWith(...text), clusters: ['another', HERE] });
	});

	it('is not saved for being read', () => {
		const { memory, saved, isSaved } = open(storedWith(textOf('a'), withKey('n')));
		memory.forget(HERE, 'none');
		memory.visit(HERE);
		expect(isSaved()).toBe(false);
		expect(saved()).toEqual(storedWith(textOf('a'), withKey('n')));
	});

	it.each([withKey('n'), withoutCluster('n')])('is forgotten like any other: %s', (text) => {
		const { memory, saved } = open(storedWith(text, textOf('a')));
		memory.forget(HERE, 'n');
		expect(memory.unreadOn(HERE)).toEqual([]);
		expect(saved()).toEqual(STORED);
	});

	it('stays where the same id of another cluster is forgotten', () => {
		const { memory } = open(storedWith(withKey('n', THERE)));
		memory.forget(HERE, 'n');
		expect(memory.unreadOn(THERE)).toEqual(['n']);
	});

	it('makes room for a later stop of its deployment', () => {
		const { memory, saved } = open(storedWith(withKey('n')));
		memory.remember(HERE, [restore('n')]);
		expect(memory.unreadOn(HERE)).toEqual([]);
		expect(saved()).toEqual(storedWith(textOf('n')));
	});

	it('without a cluster does not count where its deployment was stopped again', () => {
		const { memory, saved } = open(storedWith(withoutCluster('n')));
		memory.remember(HERE, [restore('n')]);
		expect([memory.unreadOn(HERE), memory.unreadOn(THERE)]).toEqual([[], ['n']]);
		expect(saved()).toEqual(storedWith(withoutCluster('n'), textOf('n')));
	});

	it('stands for an older entry of its deployment, and for the older of two', () => {
		const { memory } = open(storedWith(textOf('n'), withKey('n'), ofSchema2('n')));
		expect(memory.stoppedOn(HERE)).toEqual([]);
		expect(memory.unreadOn(HERE)).toEqual(['n']);
	});

	it('takes its deployment out of the dropped ones', () => {
		const dropped = [{ cluster: HERE, deployment_id: 'n' }];
		const { memory } = open({ ...storedWith(withKey('n')), dropped });
		expect(memory.droppedOn(HERE)).toEqual([]);
	});

	it('is one of the last 200, which take no room from others', () => {
		const ids = Array.from({ length: 201 }, (_each, index) => `n${index}`);
		const { memory } = open(storedWith(...ids.map((id) => withKey(id)), textOf('a')));
		expect(memory.unreadOn(HERE)).toEqual(ids.slice(1));
		const others = Array.from({ length: 199 }, (_each, index) => restore(`m${index}`));
		expect(memory.remember(HERE, others)).toEqual([]);
		expect(memory.stoppedOn(HERE)).toHaveLength(200);
	});

	it.each<[string, unknown]>([
		['an object that is no text', restore('n')],
		['no id', JSON.stringify({ ...restore('n'), deployment_id: undefined, extra: 1 })],
		['an id that is no text', JSON.stringify({ ...restore('n'), deployment_id: 7 })],
		['an id of more than one', withKey('a*')],
		['a list', JSON.stringify([restore('n')])],
		['null', 'null'],
		['half a text', withKey('n').slice(1)],
	])('is none where it is %s', (_what, rubbish) => {
		const { memory, saved } = open(storedWith(rubbish, textOf('a')));
		expect(memory.unreadOn(HERE)).toEqual([]);
		memory.remember(HERE, [restore('b')]);
		expect(saved()).toEqual(storedWith(textOf('a'), textOf('b')));
	});
});
