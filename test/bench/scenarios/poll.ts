import type { Bench } from '../bench';
import { credentialFor } from '../../given';
import { expectCount } from '../flow';
import { measureAll } from '../measure';
import { roundsFor, type Table } from '../table';

const EVENTS = ['failed', 'disappeared', 'becameIdle', 'allocationsChanged', 'appeared'];

/** One look of the trigger at so many deployments, of which nothing is new. */
export async function pollOf(bench: Bench, size: number, rounds: number): Promise<Table> {
	const { engine, cluster } = bench;
	const access = await cluster.open({ tls: true, latencyMs: 0 });
	await cluster.fill(size);
	const activation = await engine.activate({
		parameters: { events: EVENTS, deployments: 'all', options: {} },
		credentials: credentialFor(access),
	});
	const name = 'ML Deployment Trigger, one poll';
	const run = async (): Promise<void> => {
		engine.logs.length = 0;
		await activation.poll();
		expectCount('events', activation.emitted.length + activation.errors.length, 0);
	};
	const rows = await measureAll([{ name, run }], rounds, cluster);
	await activation.deactivate();
	return { scenario: 'poll', what: 'Poll of the trigger', size, latencyMs: 0, rounds, rows };
}

export async function poll(bench: Bench): Promise<Table[]> {
	const tables: Table[] = [];
	for (const size of bench.options.quick ? [100] : [100, 1_000]) {
		bench.progress(`poll of ${size}`);
		tables.push(await pollOf(bench, size, roundsFor(bench.options, size)));
	}
	return tables;
}
