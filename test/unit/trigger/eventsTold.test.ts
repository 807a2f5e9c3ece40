import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { route } from '../builders';
import { bare, deployment, eventsOf, look } from './looks';

type Own = Partial<Deployment>;
const x = (own: Own = {}): Deployment => deployment({ id: 'x', ...own });

const STARTING: Own = { state: 'starting', runningAllocations: 0, routes: [] };
const FAILED: Own = { state: 'failed', runningAllocations: 0, routes: [], reason: 'no memory' };
const STOPPING: Own = { state: 'stopping', runningAllocations: 0 };
const ASLEEP: Own = { numberOfAllocations: 0, runningAllocations: 0, routes: [] };
const queue = (pendingRequests: number): Own => ({ routes: [route({ pendingRequests })] });

describe('an event', () => {
	it('has eleven flat keys', () => {
		const looks = [look(0, x()), look(5, x({ ...FAILED, numberOfAllocations: 3 }))];
		expect(eventsOf(looks)[1][0]).toEqual({
			event: 'failed',
			deployment_id: 'x',
			model_id: '.elser_model_2',
			detected_at: '2026-01-15T12:05:00.000Z',
			since: '2026-01-15T12:00:00.000Z',
			state: 'failed',
			state_before: 'started',
			number_of_allocations: 3,
			number_before: 2,
			reason: 'no memory',
			restore: JSON.stringify({
				schema: 1,
				cluster: 'c1',
				taken_at: '2026-01-15T12:05:00.000Z',
				model_id: '.elser_model_2',
				deployment_id: 'x',
				threads_per_allocation: 1,
				priority: 'normal',
				observed_allocations: 3,
				queue_capacity: 10_000,
				number_of_allocations: 3,
			}),
		});
	});

	it.each([
		['not_deployed', [bare('other'), bare('.elser_model_2')]],
		['model_deleted', [bare('other')]],
	])('of a deployment that is gone hands on its last restore: %s', (reason, entries) => {
		const adaptive = { enabled: true, min_number_of_allocations: 0 };
		const looks = [look(0, x({ adaptive, ...ASLEEP })), { ...look(2), entries }];
		expect(eventsOf(looks)[1]).toEqual([
			{
				event: 'disappeared',
				deployment_id: 'x',
				model_id: '.elser_model_2',
				detected_at: '2026-01-15T12:02:00.000Z',
				since: '2026-01-15T12:00:00.000Z',
				state: 'not_deployed',
				state_before: 'started',
				number_of_allocations: 0,
				number_before: 0,
				reason,
				restore: JSON.stringify({
					schema: 1,
					cluster: 'c1',
					taken_at: '2026-01-15T12:00:00.000Z',
					model_id: '.elser_model_2',
					deployment_id: 'x',
					threads_per_allocation: 1,
					priority: 'normal',
					observed_allocations: 0,
					queue_capacity: 10_000,
					adaptive_allocations: adaptive,
				}),
			},
		]);
	});

	it.each<[string, Own, string | null]>([
		[
			'failed',
			{ ...FAILED, routes: [route({ state: 'failed', reason: 'died' })] },
			'no memory; died',
		],
		['appeared', { ...STARTING, reason: 'no node' }, 'no node'],
		['appeared', {}, null],
		['becameReady', { reason: 'left over' }, null],
	])('that is %s has the words of the cluster for what is wrong', (event, own, reason) => {
		const [happened] = eventsOf([look(0), look(1, x(own))]).slice(1);
		expect(happened.find((each) => each.event === event)).toMatchObject({ reason });
	});

	it('that allocations changed says how many run', () => {
		const looks = [look(0, x()), look(1, x({ numberOfAllocations: 5 }))];
		expect(eventsOf(looks)[1]).toMatchObject([
			{ event: 'allocationsChanged', reason: '2 of 5 allocations run' },
		]);
	});

	it('that it is stuck has the words of the cluster, if there are any', () => {
		const own = { ...STOPPING, reason: 'its node shuts down' };
		expect(eventsOf([look(0, x(own)), look(10, x(own))])[1]).toMatchObject([
			{ event: 'stuck', reason: 'its node shuts down' },
		]);
	});

	it('says in numbers what is too much', () => {
		const looks = [
			look(0, x({ rejectedCount: 3 })),
			look(1, x({ rejectedCount: 15, ...queue(230) })),
		];
		expect(eventsOf(looks)[1].map(({ event, reason }) => [event, reason])).toEqual([
			['rejecting', '12 requests rejected'],
			['queueFilling', '230 requests waiting'],
		]);
	});
});
