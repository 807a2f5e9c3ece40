/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';
import { ObservableObject, type IDataObject } from 'n8n-workflow';

import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { compare, type Kept, type Rules } from '../../../nodes/MlDeploymentTrigger/events';
import { MOST_DEPLOYMENTS, recall, remember } from '../../../nodes/MlDeploymentTrigger/memory';
import type { Seen } from '../../../nodes/MlDeploymentTrigger/seen';
import { ago, NOW, route } from '../builders';
import { CLUSTER, deployment, look, rules } from './looks';

const kept = (...deployments: Deployment[]): Kept =>
	compare(undefined, look(0, ...deployments), rules()).kept;

/** What n8n has after it stored the memory and read it again. */
function stored(what: Kept, own: Rules = rules()): IDataObject {
	const staticData = ObservableObject.create({ 'node:Trigger': {} }) as IDataObject;
	const ofNode = staticData['node:Trigger'] as IDataObject;
	remember(ofNode, own, what);
	expect(staticData.__dataChanged).toBe(true);
	return JSON.parse(JSON.stringify(ofNode)) as IDataObject;
}

/** A thousand deployments with all that can be told of one, and settings of their own. */
function many(count: number, different: boolean): Deployment[] {
	return Array.from({ length: count }, (_, i) =>
		deployment({
			id: `team-${i % 20}-search-model-${i}`,
			state: 'starting',
			inferenceCount: 1_000_000 + i,
			rejectedCount: 1_000 + i,
			startTime: ago(90) + i,
			routes: [route({ lastAccess: ago(5) + i, startTime: ago(90) + i, pendingRequests: 500 })],
			queueCapacity: different ? 10_000 + i : 10_000,
			adaptive: { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 8 },
		}),
	);
}

const bytesOf = (what: Kept): number => Buffer.byteLength(JSON.stringify(stored(what)));

describe('the memory of the trigger', () => {
	it('gives back what was kept', () => {
		const what = kept(
			deployment({ id: 'x' }),
			deployment({ id: '.elser_model_2', startTime: null, routes: [], numberOfAllocations: 0 }),
			deployment({ id: 'y', state: 'stopping', routes: [route({ pendingRequests: 200 })] }),
			...many(3, true),
		);
		expect(recall(stored(what), rules(), CLUSTER)).toEqual(what);
	});

	it.each<[string, Partial<Seen>]>([
		['is stuck', { isStuck: true, transit: { is: 'stopping', since: ago(20) } }],
		['has a route that stops', { transit: { is: 'route_stopping', since: ago(2) } }],
		['is idle', { isIdle: true, quietSince: ago(50) }],
		['rejects', { isRejecting: true, rejected: 9 }],
		['has a full queue', { isQueueFull: true }],
		['was not looked at in use', { lastAccess: 0, routeStart: 0, inferences: 0, rejected: 0 }],
		['counted one of each', { lastAccess: 1, routeStart: 1, inferences: 1, rejected: 1 }],
		['began when clocks began', { startTime: 0, quietSince: 0 }],
	])('gives back one that %s', (_what, own) => {
		const one = kept(deployment({ id: 'x' }));
		const [[id, seen]] = one.deployments;
		const what = { ...one, deployments: new Map([[id, { ...seen, ...own }]]) };
		expect(recall(stored(what), rules(), CLUSTER)).toEqual(what);
	});

	it('keeps no key for what is usual', () => {
		const what = kept(
			deployment({ id: 'x', modelId: 'x', startTime: null, routes: [], runningAllocations: 0 }),
		);
		expect(stored(what)).toMatchObject({
			seen: { deployments: [{ id: 'x', settings: 0, state: 'started', number: 2, quiet: NOW }] },
		});
		const [line] = (stored(what).seen as IDataObject).deployments as IDataObject[];
		expect(Object.keys(line)).toEqual(['id', 'settings', 'state', 'number', 'quiet']);
	});

	it.each([{ toString: 1, valueOf: 1 }, [0], '0', null])(
		'is none where the settings of a deployment are at %j',
		(place) => {
			const staticData = stored(kept(deployment()));
			const seen = staticData.seen as { deployments: IDataObject[] };
			seen.deployments[0].settings = place;
			expect(recall(staticData, rules(), CLUSTER)).toBeUndefined();
		},
	);

	it('holds numbers and names, one line a deployment, and different settings once', () => {
		const what = kept(deployment({ id: 'x' }), deployment({ id: 'y', state: 'starting' }));
		expect(stored(what)).toEqual({
			seen: {
				version: 1,
				cluster: CLUSTER,
				at: NOW,
				rules: JSON.stringify(rules()),
				deployments: [
					{
						id: 'x',
						settings: 0,
						state: 'started',
						number: 2,
						model: '.elser_model_2',
						start: ago(60),
						quiet: NOW,
						used: ago(10),
						route: ago(60),
						is: ['isReady'],
					},
					expect.objectContaining({ id: 'y', settings: 0, transit: ['starting', NOW] }),
				],
				settings: [
					'{"threads_per_allocation":1,"priority":"normal","observed_allocations":2,"queue_capacity":10000,"number_of_allocations":2}',
				],
			},
		});
	});

	it.each<[string, Partial<Rules>]>([
		['other events', { events: ['failed'] }],
		['another pattern', { pattern: ['a-*'] }],
		['another limit', { idleMinutes: 31 }],
	])('is none for %s: what was not looked for did not just happen', (_case, own) => {
		expect(recall(stored(kept(deployment())), rules(own), CLUSTER)).toBeUndefined();
	});

	it('is none for another cluster', () => {
		expect(recall(stored(kept(deployment())), rules(), 'c2')).toBeUndefined();
	});

	it('is none where a newer version wrote it', () => {
		const { seen } = stored(kept(deployment()));
		expect(
			recall({ seen: { ...(seen as IDataObject), version: 2 } }, rules(), CLUSTER),
		).toBeUndefined();
	});

	it('reads what a later release of this version adds', () => {
		const what = kept(deployment());
		const later = stored(what);
		const seen = later.seen as IDataObject;
		seen.added = 1;
		(seen.deployments as IDataObject[])[0].added = 'x';
		expect(recall(later, rules(), CLUSTER)).toEqual(what);
	});

	it('holds a thousand deployments, and is none if it holds more', () => {
		const some = kept(...many(MOST_DEPLOYMENTS, false));
		expect(recall(stored(some), rules(), CLUSTER)?.deployments.size).toBe(1_000);
		expect(recall(stored(kept(...many(1_001, false))), rules(), CLUSTER)).toBeUndefined();
	});

	it('is measured for a thousand deployments', () => {
		const alike = bytesOf(kept(...many(1_000, false)));
		const different = bytesOf(kept(...many(1_000, true)));
		const text = `Static data of 1,000 deployments: ${alike} bytes; if all differ, ${different}`;
		process.stdout.write(`${text}\n`);
		expect(alike).toBeLessThan(300_000);
		expect(different).toBeLessThan(550_000);
	});

	describe('is whole or none', () => {
		const what = kept(deployment({ id: 'x' }), deployment({ id: 'y', state: 'starting' }));

		/** Reads the memory with other parts in place of its own, or in place of those of `y`. */
		function recallWith(part: object, ofY: object = {}): Kept | undefined {
			const seen = stored(what).seen as IDataObject;
			const [x, y] = seen.deployments as IDataObject[];
			const changed = { ...seen, deployments: [x, { ...y, ...ofY }], ...part };
			return recall({ seen: changed }, rules(), CLUSTER);
		}

		it('where nothing is changed', () => {
			expect(recallWith({})).toEqual(what);
		});

		const noTimes = ['1', null, true, [], 8.64e15 + 2, -8.64e15 - 2];
		it.each<[string, unknown[]]>([
			['id', [1, null]],
			['model', [1, null]],
			['state', [1, null, undefined]],
			['start', ['1', true, 9e15]],
			['number', [...noTimes, undefined]],
			['quiet', [...noTimes, undefined]],
			['used', noTimes],
			['route', noTimes],
			['count', noTimes],
			['rejected', noTimes],
			['transit', [null, 'starting', [], ['started', NOW], ['starting'], ['starting', '1']]],
			['is', ['isReady', null, {}]],
			['settings', [1, -1, 'x', '0', null, [0], { toString: false }, undefined]],
		])('with %s of another kind', (key, values) => {
			const read = values.map((value) => recallWith({}, { [key]: value }));
			expect(read).toEqual(values.map(() => undefined));
		});

		it('with settings that cannot be read', () => {
			const texts = ['', '{', 'null', '[]', '"x"', '{}', '{"observed_allocations":"2"}'];
			const good = { observed_allocations: 2 };
			const broken = [...texts.map((text) => [text]), [null], [good], [[JSON.stringify(good)]]];
			for (const settings of [...broken, [], {}, null, 'x', undefined]) {
				expect(recallWith({ settings })).toBeUndefined();
			}
		});

		it.each<[string, unknown[]]>([
			['at', noTimes],
			['deployments', [{}, null, 'xy', [null], ['x'], [[]]]],
		])('with %s that is no look', (key, values) => {
			for (const value of values) expect(recallWith({ [key]: value })).toBeUndefined();
		});

		it('with a time as far away as a Date can be', () => {
			expect(recallWith({ at: 8.64e15 })?.at).toBe(8.64e15);
			expect(recallWith({ at: -8.64e15 })?.at).toBe(-8.64e15);
		});
	});

	it('is whole or none, whatever was put in the place of a part', () => {
		const what = kept(deployment({ id: 'x' }), deployment({ id: 'y', state: 'starting' }));
		const whole = JSON.stringify(stored(what));
		const parts = [...whole.matchAll(/(?<=[:[,])("(?:[^"\\]|\\.)*"|-?\d+|null)(?=[,\]}])/g)];
		expect(parts.length).toBeGreaterThan(20);
		fc.assert(
			fc.property(fc.constantFrom(...parts), fc.jsonValue(), (part, rubbish) => {
				const { index, 0: text } = part;
				const broken =
					whole.slice(0, index) + JSON.stringify(rubbish) + whole.slice(index + text.length);
				const read = recall(JSON.parse(broken), rules(), CLUSTER);
				if (read === undefined) return;
				expect([...read.deployments.keys()]).toHaveLength(2);
				const next = compare(read, look(1, deployment({ id: 'z' })), rules());
				expect(JSON.stringify(next)).not.toContain('undefined');
			}),
			{ numRuns: 2_000 },
		);
	});

	it.each([
		undefined,
		null,
		5,
		'text',
		[],
		{},
		{ seen: null },
		{ seen: [] },
		{ seen: { version: 1 } },
	])('is none in %j', (rubbish) => {
		expect(recall(rubbish, rules(), CLUSTER)).toBeUndefined();
	});
});
