/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { Deployment, DeploymentState } from '../../../nodes/elasticsearch/deployment/state';
import { Polls } from '../../../nodes/MlDeploymentTrigger/polls';
import { NOW, route } from '../builders';
import { CLUSTER, deployment, entryOf, rules } from './looks';
import { expectedEvents, type Shot } from './reference';

/** `TRIGGER_RUNS`: how many histories. */
const RUNS = Number(process.env.TRIGGER_RUNS ?? '1000');

const IDS = ['a', 'B', 'c'];

type Step =
	| { do: 'wait'; minutes: number }
	| { do: 'come' | 'go' | 'restart'; id: string }
	| { do: 'change'; id: string; how: Partial<Deployment> }
	| { do: 'use' | 'move'; id: string }
	| { do: 'route'; id: string; state: string; pending: number; throughput: number }
	| { do: 'poll' | 'failing poll' | 'look' | 'late answer' }
	| { do: 'restart n8n' | 'activate again' | 'publish' };

const id = fc.constantFrom(...IDS);
const count = fc.constantFrom(0, 1, 2, 3);
const how: fc.Arbitrary<Partial<Deployment>> = fc.oneof(
	fc.record({
		state: fc.constantFrom<DeploymentState>('starting', 'started', 'stopping', 'failed'),
	}),
	fc.record({ numberOfAllocations: count }),
	fc.record({ runningAllocations: count }),
	fc.record({ rejectedCount: fc.constantFrom(0, 4, 5, 9, 30) }),
	fc.record({ inferenceCount: fc.constantFrom(0, 5, 90) }),
	fc.constant(null).map(() => ({ routes: [] })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(25) }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constantFrom('come', 'go', 'restart'), id }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), id, how }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constantFrom('use', 'move'), id }) },
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant('route' as const),
			id,
			state: fc.constantFrom('started', 'stopping', 'starting'),
			pending: fc.constantFrom(0, 0, 1, 100),
			throughput: fc.constantFrom(0, 0, 3),
		}),
	},
	{ weight: 8, arbitrary: fc.record({ do: fc.constant('poll' as const) }) },
	{
		weight: 1,
		arbitrary: fc.record({ do: fc.constantFrom('failing poll', 'look', 'late answer') }),
	},
	{
		weight: 1,
		arbitrary: fc.record({ do: fc.constantFrom('restart n8n', 'activate again', 'publish') }),
	},
);

/** How often each event came up: a trigger that emits nothing breaks no rule. */
const seen = new Map<string, number>();

/** A cluster whose clock is off, an n8n, and the trigger in it. */
class World {
	private at = NOW;

	private readonly running = new Map<string, Deployment>();

	private polls = new Polls(true);

	private staticData: IDataObject = {};

	private saved = '{}';

	/** What the trigger may know, by the reference: all looks since it began anew. */
	private shots: Shot[] = [];

	private savedShots: Shot[] = [];

	private isFirst = true;

	/** Polls that have looked and have no answer yet. */
	private underway: Array<{ poll: number; shot: Shot }> = [];

	constructor(private readonly skew: number) {
		for (const each of IDS.slice(0, 2)) this.come(each);
		this.poll();
	}

	take(step: Step): void {
		switch (step.do) {
			case 'wait':
				this.at += step.minutes * 60_000;
				break;
			case 'come':
				if (!this.running.has(step.id)) this.come(step.id);
				break;
			case 'go':
				this.running.delete(step.id);
				break;
			case 'restart':
				if (this.running.has(step.id)) this.come(step.id);
				break;
			case 'change':
				this.change(step.id, () => step.how);
				break;
			case 'use':
				this.change(step.id, ({ routes, inferenceCount }) => ({
					inferenceCount: inferenceCount + 1,
					routes: routes.map((each) => ({ ...each, lastAccess: this.clusterTime() })),
				}));
				break;
			case 'move':
				this.change(step.id, () => ({ routes: [route({ startTime: this.clusterTime() })] }));
				break;
			case 'route': {
				const { state, pending, throughput } = step;
				this.change(step.id, ({ routes }) => ({
					routes: routes.map((each) => ({
						...each,
						state,
						pendingRequests: pending,
						throughputLastMinute: throughput,
					})),
				}));
				break;
			}
			case 'poll':
				this.poll();
				break;
			case 'failing poll':
				this.polls.begin();
				break;
			case 'look':
				this.underway.push({ poll: this.polls.begin(), shot: this.shoot() });
				break;
			case 'late answer': {
				const late = this.underway.shift();
				if (late !== undefined) this.answer(late.poll, late.shot);
				break;
			}
			case 'restart n8n':
				this.begin(false);
				break;
			case 'publish':
				this.begin(false);
				this.poll();
				this.save();
				break;
			case 'activate again':
				this.begin(true);
				this.poll();
				this.save();
				break;
		}
	}

	/** n8n reads what it saved last. */
	private begin(startsAnew: boolean): void {
		this.polls = new Polls(startsAnew);
		this.staticData = JSON.parse(this.saved) as IDataObject;
		this.shots = startsAnew ? [] : [...this.savedShots];
		this.underway = [];
		this.newest = 0;
	}

	private save(): void {
		this.saved = JSON.stringify(this.staticData);
		this.savedShots = [...this.shots];
	}

	private newest = 0;

	private poll(): void {
		this.answer(this.polls.begin(), this.shoot());
		if (this.isFirst) this.save();
		this.isFirst = false;
	}

	private answer(poll: number, shot: Shot): void {
		const look = { cluster: CLUSTER, at: shot.at, entries: shot.deployments.map(entryOf) };
		const happenings = this.polls.settle(poll, look, rules(), this.staticData);
		const names = happenings.map((each) => `${each.deployment_id}: ${each.event}`);
		const isOvertaken = poll < this.newest;
		if (!isOvertaken) {
			this.newest = poll;
			this.shots.push(shot);
		}
		expect(names).toEqual(isOvertaken ? [] : expectedEvents(this.shots, rules()));
		for (const { event } of happenings) seen.set(event, (seen.get(event) ?? 0) + 1);
		// n8n saves where the trigger emits.
		if (happenings.length > 0) this.save();
	}

	private shoot(): Shot {
		return { at: this.at, deployments: [...this.running.values()] };
	}

	private clusterTime(): number {
		return this.at + this.skew;
	}

	private come(name: string): void {
		const startTime = this.clusterTime() + this.starts++;
		const routes = [route({ startTime, lastAccess: null })];
		this.running.set(name, deployment({ id: name, startTime, routes }));
	}

	private starts = 0;

	private change(name: string, changes: (is: Deployment) => Partial<Deployment>): void {
		const is = this.running.get(name);
		if (is !== undefined) this.running.set(name, { ...is, ...changes(is) });
	}
}

it('whatever happens to cluster and n8n, each event comes once, in a fixed order', () => {
	const skew = fc.constantFrom(0, 0, -7_200_000, 7_200_000, 61_000);
	const history = fc.array(step, { minLength: 5, maxLength: 60, size: 'max' });
	fc.assert(
		fc.property(skew, history, (off, steps) => {
			const world = new World(off);
			for (const each of steps) world.take(each);
		}),
		{ numRuns: RUNS },
	);
	const counts = [...seen].map(([event, count]) => `${event} ${count}`).join(', ');
	process.stdout.write(`${RUNS} histories of up to 60 steps: ${counts}\n`);
	if (RUNS >= 1_000) expect([...seen.values()].filter((count) => count > 20)).toHaveLength(10);
}, 300_000);
