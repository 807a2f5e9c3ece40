import type { Bench } from '../bench';
import { idOf } from '../cluster/orders';
import { atOnce } from '../contenders/atOnce';
import { bareHelper } from '../contenders/bareHelper';
import { elasticClient, KeepAlive } from '../contenders/clients';
import { httpRequest, ours } from '../contenders/steps';
import { expectCount, runSteps, type Step } from '../flow';
import { measureAll, type Contender } from '../measure';
import { roundsFor, type Cell, type Table } from '../table';

const ID = idOf(0);
const PATH = `/_ml/trained_models/${ID}/_infer`;
const ITEMS = 100;

/** Inferences with one deployment, a text an item. */
export async function inferOf(bench: Bench, items: number, cell: Cell): Promise<Table> {
	const { engine, cluster } = bench;
	const access = await cluster.open({ tls: true, latencyMs: cell.latencyMs });
	await cluster.fill(1);
	const texts = Array.from({ length: items }, (_, place) => `The text of the item ${place}`);
	const given = texts.map((text) => ({ text }));
	const client = elasticClient(access);
	const pool = new KeepAlive(access, 10);
	const docs = (text: unknown) => [{ text_field: text as string }];
	const inN8n = (name: string, step: Step): Contender => ({
		name,
		run: async () => {
			const result = await runSteps(engine, access, [step], given);
			expectCount(name, result.node(step.name)[0]?.length ?? 0, items);
		},
	});
	const alone = (name: string, ask: (text: string) => Promise<unknown>): Contender => ({
		name,
		run: async () => void (await atOnce(10, texts, ask)),
	});
	const bare = bareHelper(10, ({ text }) => ({
		method: 'POST',
		url: access.endpoint + PATH,
		body: { docs: docs(text) },
		json: true,
	}));
	const rows = await measureAll(
		[
			inN8n(
				'ML Deployment, 10 at once',
				ours('infer', {
					deploymentId: { __rl: true, mode: 'id', value: ID },
					text: '={{ $json.text }}',
					options: { maxConcurrency: 10 },
				}),
			),
			inN8n("n8n's helper alone, 10 at once", { ...ours('infer', {}), name: 'Bare', stub: bare }),
			inN8n(
				'HTTP Request node (all at once)',
				httpRequest(access, 'POST', PATH, '={"docs":[{"text_field":"{{ $json.text }}"}]}'),
			),
			alone(
				"Elastic's client, 10 at once",
				async (text) => await client.ml.inferTrainedModel({ model_id: ID, docs: docs(text) }),
			),
			alone(
				'undici with keep-alive, 10 at once',
				async (text) => await pool.send('POST', PATH, { docs: docs(text) }),
			),
		],
		cell.rounds,
		cluster,
	);
	await pool.close();
	await client.close();
	return { scenario: 'infer', what: 'Infer', size: items, ...cell, rows };
}

export async function infer(bench: Bench): Promise<Table[]> {
	const items = bench.options.quick ? 20 : ITEMS;
	bench.progress(`infer of ${items}`);
	const rounds = roundsFor(bench.options, items);
	return [await inferOf(bench, items, { latencyMs: 20, rounds })];
}
