import type { Bench } from '../bench';
import { elasticClient, KeepAlive } from '../contenders/clients';
import { httpRequest, ours } from '../contenders/steps';
import { expectCount, runSteps, type Step } from '../flow';
import { measureAll, type Contender } from '../measure';
import { roundsFor, type Cell, type Table } from '../table';

const ALL = '/_ml/trained_models/_stats?size=10000';
/** Every cluster has a model of its own beside. */
const BUILT_IN = 1;

interface Stats {
	trained_model_stats: unknown[];
}

/** Lists of so many deployments. */
export async function getManyOf(bench: Bench, size: number, cell: Cell): Promise<Table> {
	const { engine, cluster } = bench;
	const access = await cluster.open({ tls: true, latencyMs: cell.latencyMs });
	await cluster.fill(size);
	const client = elasticClient(access);
	const pool = new KeepAlive(access, 1);
	const inN8n = (name: string, steps: Step[], expected: number): Contender => ({
		name,
		run: async () => {
			const { items } = await runSteps(engine, access, steps, [{}]);
			expectCount(name, items.length, expected);
		},
	});
	const list = (output: string): Step[] => [ours('getMany', { returnAll: true, output })];
	const split: Step = {
		name: 'Split Out',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		parameters: { fieldToSplitOut: 'trained_model_stats', options: {} },
	};
	const alone = (name: string, ask: () => Promise<Stats>): Contender => ({
		name,
		run: async () => expectCount(name, (await ask()).trained_model_stats.length, size + BUILT_IN),
	});
	const rows = await measureAll(
		[
			inN8n('ML Deployment, simplified', list('simplified'), size),
			inN8n('ML Deployment, raw', list('raw'), size),
			inN8n('HTTP, Split Out', [httpRequest(access, 'GET', ALL), split], size + BUILT_IN),
			alone("Elastic's client", async () => {
				return await client.ml.getTrainedModelsStats({ size: 10_000 });
			}),
			alone('undici with keep-alive', async () => (await pool.send('GET', ALL)) as Stats),
		],
		cell.rounds,
		cluster,
	);
	await pool.close();
	await client.close();
	return { scenario: 'getMany', what: 'Get Many', size, ...cell, rows };
}

export async function getMany(bench: Bench): Promise<Table[]> {
	const tables: Table[] = [];
	for (const size of bench.options.quick ? [100] : [100, 5_000]) {
		bench.progress(`list of ${size}`);
		const rounds = roundsFor(bench.options, size);
		tables.push(await getManyOf(bench, size, { latencyMs: 0, rounds }));
	}
	return tables;
}
