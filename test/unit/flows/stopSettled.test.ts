import { settleStop } from '../../../nodes/elasticsearch/flows/stop';
import { canceled, proxySaid, timedOut } from '../failures';
import { ScriptedConnection, times, type Exchange } from './harness/scriptedConnection';
import {
	BEFORE,
	gone,
	INSTANCES,
	look,
	NO_RIGHT,
	running,
	showsA,
	stopping,
} from './harness/stopping';

const hidden = showsA({ hidden: true });

describe('an earlier stop whose end is not known', () => {
	async function settleA(exchanges: Exchange[], cancelAt?: number) {
		const connection = new ScriptedConnection(exchanges);
		if (cancelAt !== undefined) connection.cancelAt(cancelAt);
		return { late: await settleStop(connection, BEFORE, 5_000), connection };
	}

	it('is looked after at once, then with growing pauses', async () => {
		const { late, connection } = await settleA([stopping, stopping, [look, proxySaid(502)], gone]);
		expect(late).toEqual({ is: 'stopped' });
		expect(connection.times).toEqual([0, 500, 1_500, 3_500]);
	});

	it('never ran where it runs as before', async () => {
		expect((await settleA([stopping, running])).late).toEqual({ is: 'not_stopped' });
	});

	it('is not said to have never run where no state is shown', async () => {
		const { late } = await settleA([hidden, hidden, gone]);
		expect(late).toEqual({ is: 'stopped' });
	});

	it.each(INSTANCES)('is followed by a restart where it has %s', async (_what, shown) => {
		const problem = { code: 'restarted', id: 'a', since: 'stop_sent' };
		expect((await settleA([showsA(shown)])).late).toMatchObject({
			is: 'restarted',
			failure: { problem },
		});
	});

	it('stays unknown at the deadline, after a last look', async () => {
		const { late, connection } = await settleA(times(5, stopping));
		const problem = { code: 'stop_unknown', id: 'a', isLate: true, shown: 'stopping' };
		const failure = { kind: 'problem', problem, of: timedOut() };
		expect(late).toEqual({ is: 'unknown', failure });
		expect(connection.times).toEqual([0, 500, 1_500, 3_500, 5_000]);
	});

	it.each<[string, Exchange, number, string | null]>([
		['no state is shown at the end', hidden, 4, 'unknown'],
		['no look succeeds', [look, proxySaid(502)], 0, null],
	])('is not said to be stopping where %s', async (_where, exchange, stoppingLooks, shown) => {
		const { late } = await settleA([
			...times(stoppingLooks, stopping),
			...times(5 - stoppingLooks, exchange),
		]);
		const problem = { code: 'stop_unknown', id: 'a', shown };
		expect(late).toMatchObject({ is: 'unknown', failure: { problem } });
	});

	it('stays unknown where no look is possible', async () => {
		const { late } = await settleA([[look, NO_RIGHT]]);
		expect(late).toEqual({ is: 'unknown', failure: NO_RIGHT });
	});

	it('stays unknown when the execution is stopped', async () => {
		expect((await settleA([stopping], 200)).late).toEqual({ is: 'unknown', failure: canceled() });
	});
});
