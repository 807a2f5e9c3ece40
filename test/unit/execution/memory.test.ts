import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import {
	openMemory,
	placesOf,
	type Memory,
	type Places,
} from '../../../nodes/MlDeployment/execution/memory';
import { HERE, open, restore, textOf, THERE } from './memories';

const STORED = {
	version: 1,
	clusters: [HERE, THERE],
	stopped: [textOf('a'), textOf('b', 2), textOf('c', 3, THERE)],
	dropped: [{ cluster: HERE, deployment_id: 'old' }],
};

describe('the memory of what was stopped', () => {
	it('tells what is remembered, each cluster apart', () => {
		const { memory, isSaved } = open(STORED);
		expect(memory.recall(HERE, 'b')).toBe(textOf('b', 2));
		expect(memory.recall(HERE, 'c')).toBeUndefined();
		expect(memory.stoppedOn(HERE)).toEqual([
			{ id: 'a', restore: textOf('a') },
			{ id: 'b', restore: textOf('b', 2) },
		]);
		expect(memory.stoppedOn('another')).toEqual([]);
		expect(memory.droppedOn(HERE)).toEqual(['old']);
		expect(memory.droppedOn(THERE)).toEqual([]);
		expect(memory.isKnownElsewhere(HERE, (id) => id === 'c')).toBe(true);
		expect(memory.isKnownElsewhere(THERE, (id) => id === 'c')).toBe(false);
		expect([HERE, THERE, 'another'].map(memory.knows)).toEqual([true, true, false]);
		expect(memory.isNewer).toBe(false);
		expect(isSaved()).toBe(false);
	});

	it('begins empty, and is not saved for being opened and read', () => {
		const { memory, saved, isSaved } = open();
		expect(memory.stoppedOn(HERE)).toEqual([]);
		expect(memory.knows(HERE)).toBe(false);
		memory.forget(HERE, 'a');
		expect(isSaved()).toBe(false);
		expect(saved()).toBeNull();
	});

	it('keeps a first restore object', () => {
		const { memory, saved, isSaved } = open();
		expect(memory.remember(HERE, [restore('a')])).toEqual([]);
		expect(saved()).toEqual({
			version: 1,
			clusters: [HERE],
			stopped: [textOf('a')],
			dropped: [],
		});
		expect(isSaved()).toBe(true);
	});

	it.each<[string, (memory: Memory) => unknown, object]>([
		[
			'replaces an entry, and moves it to the end',
			(memory) => memory.remember(HERE, [restore('a', 4)]),
			{ stopped: [textOf('b', 2), textOf('c', 3, THERE), textOf('a', 4)] },
		],
		[
			'moves an equal entry to the end',
			(memory) => memory.remember(HERE, [restore('a')]),
			{ stopped: [textOf('b', 2), textOf('c', 3, THERE), textOf('a')] },
		],
		[
			'keeps the last of several restore objects for one id',
			(memory) => memory.remember(HERE, [restore('d', 1), restore('d', 2)]),
			{ stopped: [...STORED.stopped, textOf('d', 2)] },
		],
		[
			'keeps the same id of two clusters apart',
			(memory) => memory.remember(THERE, [restore('a', 1, THERE)]),
			{ stopped: [...STORED.stopped, textOf('a', 1, THERE)] },
		],
		[
			'takes an id that is remembered anew out of the dropped ones',
			(memory) => memory.remember(HERE, [restore('old')]),
			{ stopped: [...STORED.stopped, textOf('old')], dropped: [] },
		],
		[
			'forgets an entry',
			(memory) => memory.forget(HERE, 'a'),
			{ stopped: STORED.stopped.slice(1) },
		],
		['forgets a dropped id', (memory) => memory.forget(HERE, 'old'), { dropped: [] }],
		[
			'notes a cluster where a stop found nothing',
			(memory) => memory.visit('another'),
			{ clusters: [HERE, THERE, 'another'] },
		],
		[
			'drops what no start could read, and names it',
			(memory) => expect(memory.remember(HERE, [{ deployment_id: 'odd' }])).toEqual(['odd']),
			{ dropped: [...STORED.dropped, { cluster: HERE, deployment_id: 'odd' }] },
		],
		[
			'remembers an id that every object has as a key',
			(memory) => memory.remember(HERE, [restore('__proto__')]),
			{ stopped: [...STORED.stopped, textOf('__proto__')] },
		],
	])('%s', (_what, act, changed) => {
		const { memory, saved, isSaved } = open(STORED);
		act(memory);
		expect(saved()).toEqual({ ...STORED, ...changed });
		expect(isSaved()).toBe(true);
	});

	it.each<[string, (memory: Memory) => unknown]>([
		['the last entry comes again as it is', (memory) => memory.remember(THERE, [last()])],
		['an id to forget is not there', (memory) => memory.forget(THERE, 'a')],
		['a cluster that is known is visited', (memory) => memory.visit(HERE)],
	])('is not saved where %s', (_what, act) => {
		const { memory, saved, isSaved } = open(STORED);
		act(memory);
		expect(isSaved()).toBe(false);
		expect(saved()).toEqual(STORED);
	});

	const last = (): IDataObject => restore('c', 3, THERE);

	it('still knows a cluster where all was started again', () => {
		const { memory } = open();
		memory.remember(HERE, [restore('a')]);
		memory.forget(HERE, 'a');
		expect(memory.stoppedOn(HERE)).toEqual([]);
		expect(memory.knows(HERE)).toBe(true);
	});

	it('reads again what another tool of the same run wrote meanwhile', () => {
		const places = { staticData: {}, flow: {} };
		const [first, second] = [openMemory(places), openMemory(places)];
		first.remember(HERE, [restore('a')]);
		second.remember(HERE, [restore('b')]);
		expect(first.stoppedOn(HERE).map(({ id }) => id)).toEqual(['a', 'b']);
	});
});

describe('a full memory', () => {
	const ids = Array.from({ length: 200 }, (_each, index) => `m${index}`);

	function full() {
		const opened = open();
		opened.memory.remember(
			HERE,
			ids.map((id) => restore(id)),
		);
		return opened;
	}

	it('holds 200, and names what it drops for the 201st', () => {
		const { memory } = full();
		expect(memory.remember(THERE, [restore('new', 1, THERE)])).toEqual(['m0']);
		expect(memory.stoppedOn(HERE).map(({ id }) => id)).toEqual(ids.slice(1));
		expect(memory.droppedOn(HERE)).toEqual(['m0']);
		expect(memory.recall(THERE, 'new')).toBe(textOf('new', 1, THERE));
	});

	it('drops nothing for an id that it has', () => {
		expect(full().memory.remember(HERE, [restore('m0', 7)])).toEqual([]);
	});

	it('takes the last 200 of more', () => {
		const { memory } = open();
		const many = [...ids, 'x', 'y'].map((id) => restore(id));
		expect(memory.remember(HERE, many)).toEqual(['m0', 'm1']);
		expect(memory.stoppedOn(HERE)).toHaveLength(200);
	});

	it('names the last 1000 that it dropped', () => {
		const { memory } = full();
		for (let round = 0; round < 6; round++) {
			memory.remember(
				HERE,
				ids.map((id) => restore(`${id}-${round}`)),
			);
		}
		const dropped = memory.droppedOn(HERE);
		expect(dropped).toHaveLength(1_000);
		expect(dropped[0]).toBe('m0-0');
	});

	it('knows the 1000 clusters that it came to last', () => {
		const clusters = Array.from({ length: 1_000 }, (_each, index) => `c${index}`);
		const { memory } = open({ ...STORED, clusters, stopped: [], dropped: [] });
		memory.visit('c0');
		expect(memory.knows('c0')).toBe(true);
		memory.visit('new');
		expect(['c0', 'c1', 'new'].map(memory.knows)).toEqual([false, true, true]);
	});
});

/** n8n starts some runs without the static data that it has; the run's own copy is left then. */
describe('the copy in the execution', () => {
	const COPY = { ...STORED, stopped: [textOf('a')] };
	const copied = (): IDataObject => ({
		mlDeployments: JSON.parse(JSON.stringify(COPY)) as IDataObject,
	});
	const idsOf = (memory: Memory) => memory.stoppedOn(HERE).map(({ id }) => id);
	const FIRST = { version: 1, clusters: [HERE], stopped: [], dropped: [] };

	it('is made with each change, and holds the whole memory', () => {
		const flow: IDataObject = {};
		const { memory, saved } = open(STORED, { flow });
		expect(flow).toEqual({});
		memory.remember(HERE, [restore('d')]);
		expect(flow.mlDeployments).toEqual(saved());
		memory.forget(HERE, 'a');
		expect(flow.mlDeployments).toEqual(saved());
		expect(
			open(undefined, { flow })
				.memory.stoppedOn(HERE)
				.map(({ id }) => id),
		).toEqual(['b', 'd']);
	});

	it('does not count where static data holds a memory', () => {
		expect(idsOf(open(STORED, { flow: copied() }).memory)).toEqual(['a', 'b']);
		expect(idsOf(open({ ...FIRST }, { flow: copied() }).memory)).toEqual([]);
	});

	it('is the memory where static data holds none, as after a wait', () => {
		const { memory, isSaved } = open(undefined, { flow: copied() });
		expect(idsOf(memory)).toEqual(['a']);
		expect(memory.recall(HERE, 'a')).toBe(textOf('a'));
		expect(memory.unsaved).toBeUndefined();
		expect(isSaved()).toBe(false);
	});

	it.each<[string, Places['began'], (memory: Memory) => unknown, object]>([
		['a start after a wait', undefined, (memory) => memory.forget(HERE, 'a'), { stopped: [] }],
		[
			'a stop after a wait that found nothing',
			undefined,
			(memory) => memory.visit('another'),
			{ clusters: [HERE, THERE, 'another'] },
		],
		[
			'a stop in a retry',
			'retry',
			(memory) => memory.remember(HERE, [restore('d')]),
			{ stopped: [textOf('a'), textOf('d')] },
		],
		['a start in a retry', 'retry', (memory) => memory.forget(HERE, 'a'), { stopped: [] }],
	])('alone takes note of %s', (_what, began, act, changed) => {
		const flow = copied();
		const { memory, saved, isSaved } = open(undefined, { flow, began });
		act(memory);
		expect(flow.mlDeployments).toEqual({ ...COPY, ...changed });
		expect([isSaved(), saved()]).toEqual([false, null]);
	});

	it.each<[string, Places['began']]>([
		['after a wait', undefined],
		['on a worker', 'worker'],
	])('and static data both take note of a stop %s', (_what, began) => {
		const flow = copied();
		const { memory, saved, isSaved } = open(undefined, { flow, began });
		expect(memory.remember(HERE, [restore('d')])).toEqual([]);
		const both = { ...COPY, stopped: [textOf('a'), textOf('d')] };
		expect([isSaved(), saved(), flow.mlDeployments]).toEqual([true, both, both]);
		memory.forget(HERE, 'd');
		expect([saved(), flow.mlDeployments]).toEqual([COPY, COPY]);
	});

	it.each<Places['began']>(['worker', 'retry'])(
		'alone takes note that there was nothing to stop, with "%s"',
		(began) => {
			const flow: IDataObject = {};
			const { memory, isSaved } = open(undefined, { flow, began });
			memory.visit(HERE);
			expect([isSaved(), flow.mlDeployments, memory.knows(HERE)]).toEqual([false, FIRST, true]);
		},
	);

	it('is none where a newer version wrote static data', () => {
		const flow = copied();
		const { memory } = open({ version: 2 }, { flow });
		memory.remember(HERE, [restore('d')]);
		expect([idsOf(memory), flow]).toEqual([[], copied()]);
	});
});

describe('why n8n does not save what is kept', () => {
	it.each<[Memory['unsaved'], Places['began'], object | undefined]>([
		[undefined, undefined, undefined],
		[undefined, undefined, STORED],
		['by_hand', 'by_hand', undefined],
		['by_hand', 'by_hand', STORED],
		['retry', 'retry', undefined],
		[undefined, 'retry', STORED],
		['worker', 'worker', undefined],
		[undefined, 'worker', STORED],
		['newer', 'worker', { version: 2 }],
	])('is %j for a run that began so: %j, with static data %j', (unsaved, began, stored) => {
		const { memory } = open(stored, { began });
		memory.remember(HERE, [restore('d')]);
		expect(memory.unsaved).toBe(unsaved);
	});

	const host = (mode: string, instanceSettings?: unknown) =>
		({
			getWorkflowStaticData: (type: string) => ({ type }),
			getContext: (type: string) => ({ type }),
			getMode: () => mode,
			getWorkflow: () => ({ id: 'w' }),
			instanceSettings,
		}) as unknown as IExecuteFunctions;

	it.each<[string, unknown, Places['began']]>([
		['trigger', { instanceType: 'main' }, undefined],
		['trigger', { instanceType: 'worker' }, 'worker'],
		['integrated', { instanceType: 'worker' }, undefined],
		['trigger', undefined, undefined],
		['trigger', null, undefined],
		['manual', { instanceType: 'worker' }, 'by_hand'],
		['retry', { instanceType: 'worker' }, 'retry'],
	])('follows from mode %j and %j', (mode, instanceSettings, began) => {
		const [staticData, flow] = [{ type: 'global' }, { type: 'flow' }];
		const savedFor = began === undefined || began === 'retry' ? 'w' : undefined;
		const places = { staticData, flow, began, savedFor };
		expect(placesOf(host(mode, instanceSettings))).toEqual(places);
	});
});

describe('a memory that a newer version wrote', () => {
	const NEWER = { ...STORED, version: 2 };

	it('is neither read nor changed', () => {
		const { memory, saved, isSaved } = open(NEWER);
		expect(memory.isNewer).toBe(true);
		expect(memory.remember(HERE, [restore('d')])).toBeUndefined();
		memory.forget(HERE, 'a');
		memory.visit('another');
		expect(memory.recall(HERE, 'a')).toBeUndefined();
		expect(memory.stoppedOn(HERE)).toEqual([]);
		expect(memory.droppedOn(HERE)).toEqual([]);
		expect(memory.knows(HERE)).toBe(false);
		expect(isSaved()).toBe(false);
		expect(saved()).toEqual(NEWER);
	});

	it.each([[null], [5], ['a text'], [[]]])('is left alike where static data is %j', (rubbish) => {
		const memory = openMemory({ staticData: rubbish as unknown as IDataObject, flow: {} });
		expect(memory.remember(HERE, [restore('a')])).toBeUndefined();
		expect(memory.stoppedOn(HERE)).toEqual([]);
	});
});

describe('rubbish in the memory', () => {
	it.each<[string, object]>([
		['no version', { version: undefined }],
		['a version of another type', { version: '2' }],
		['an older version', { version: 0 }],
		['no list of clusters', { clusters: 7 }],
		['clusters that are no text', { clusters: [1, null, {}, HERE, THERE] }],
		['entries that are no text', { stopped: [null, 1, {}, [], ...STORED.stopped] }],
		[
			'a list that reads like an entry of a newer version',
			{ stopped: [[textOf('e').replace('"schema":1', '"schema":2')], ...STORED.stopped] },
		],
		['texts that are no JSON', { stopped: ['', '{', ...STORED.stopped] }],
		['texts that are no restore object', { stopped: ['null', '[]', '{}', ...STORED.stopped] }],
		['an entry twice', { stopped: [textOf('a', 9), ...STORED.stopped] }],
		['dropped ids that are no ids', { dropped: [null, 'x', { cluster: 1 }, ...STORED.dropped] }],
		['dropped ids without an id', { dropped: [{ cluster: HERE }, ...STORED.dropped] }],
		['dropped ids without a cluster', { dropped: [{ deployment_id: 'x' }, ...STORED.dropped] }],
		[
			'a dropped id that is remembered',
			{ dropped: [...STORED.dropped, { cluster: HERE, deployment_id: 'a' }] },
		],
	])('leaves the entries beside it: %s', (_what, rubbish) => {
		const { memory, saved } = open({ ...STORED, ...rubbish });
		expect(memory.stoppedOn(HERE).map(({ id }) => id)).toEqual(['a', 'b']);
		expect(memory.droppedOn(HERE)).toEqual(['old']);
		expect(memory.knows(THERE)).toBe(true);
		memory.remember(HERE, [restore('d')]);
		expect(saved()).toEqual({ ...STORED, stopped: [...STORED.stopped, textOf('d')] });
	});
});
