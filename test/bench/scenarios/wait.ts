import type { Bench } from '../bench';
import { idOf } from '../cluster/orders';
import { ours } from '../contenders/steps';
import { expectCount, runSteps } from '../flow';
import { measureAll } from '../measure';
import type { Table } from '../table';

const LOOKS = 3;

/** A wait for one deployment, which is ready at its third look, among so many. */
export async function waitAmong(bench: Bench, size: number, rounds: number): Promise<Table> {
	const { engine, cluster } = bench;
	const access = await cluster.open({ tls: true, latencyMs: 0 });
	await cluster.fill(size);
	const step = ours('waitUntilReady', {
		deploymentId: { __rl: true, mode: 'id', value: idOf(0) },
		options: {},
	});
	const name = 'ML Deployment, Wait Until Ready';
	const prepare = async (): Promise<void> => await cluster.startAtLook(LOOKS);
	const run = async (): Promise<void> => {
		const { items } = await runSteps(engine, access, [step], [{}]);
		expectCount(name, items.length, 1);
	};
	const rows = await measureAll([{ name, prepare, run }], rounds, cluster);
	return { scenario: 'wait', what: 'Wait for one among', size, latencyMs: 0, rounds, rows };
}

export async function wait(bench: Bench): Promise<Table[]> {
	const tables: Table[] = [];
	for (const size of bench.options.quick ? [10, 1_000] : [10, 1_000, 5_000]) {
		bench.progress(`wait among ${size}`);
		tables.push(await waitAmong(bench, size, bench.options.quick ? 1 : 3));
	}
	return tables;
}
