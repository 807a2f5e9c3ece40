import type { IDataObject } from 'n8n-workflow';

import type { Bench } from '../bench';
import { idOf, type Access } from '../cluster/orders';
import { atOnce } from '../contenders/atOnce';
import { bareHelper } from '../contenders/bareHelper';
import { elasticClient, KeepAlive } from '../contenders/clients';
import { httpRequest, ours } from '../contenders/steps';
import { expectCount, runSteps, type Step } from '../flow';
import { measureAll, type Contender } from '../measure';
import { roundsFor, type Cell, type Table } from '../table';

const BODY = { number_of_allocations: 1 };
const pathOf = (id: string): string => `/_ml/trained_models/${id}/deployment/_update`;

/** The rows by which others are judged. */
export const NAMES = {
	ours4: 'ML Deployment, 4 at once',
	ours10: 'ML Deployment, 10 at once',
	bare4: "n8n's helper alone, 4 at once",
	bare10: "n8n's helper alone, 10 at once",
	again: "n8n's helper alone, 10 at once (again)",
	fields10: "n8n's helper and two fields, 10 at once",
	http: 'HTTP Request node (all at once)',
	sequential: 'Elasticsearch node (one after the other)',
	client: "Elastic's client, 10 at once",
	undici: 'undici with keep-alive, 10 at once',
} as const;

/** Longer than this, one after the other only proves again what the smaller sizes show. */
const LONGEST_SEQUENTIAL_MS = 10_000;

const FIELDS = {
	deploymentId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
	numberOfAllocations: 1,
};

function oursWith(maxConcurrency: number): Step {
	return ours('update', { ...FIELDS, options: { maxConcurrency } });
}

/** @param fields those that it has n8n read, as every node that has fields does */
function bare({ endpoint }: Access, limit: number, fields: string[] = []): Step {
	const stub = bareHelper(
		limit,
		({ id }) => ({
			method: 'POST',
			url: endpoint + pathOf(id as string),
			body: BODY,
			json: true,
		}),
		fields,
	);
	return { ...ours('update', FIELDS), name: 'Bare', stub };
}

const sequential: Step = {
	name: 'Elasticsearch',
	type: 'n8n-nodes-base.elasticsearch',
	typeVersion: 1,
	parameters: {
		resource: 'document',
		operation: 'update',
		indexId: 'models',
		documentId: '={{ $json.id }}',
		dataToSend: 'defineBelow',
		fieldsUi: { fieldValues: [{ fieldId: 'number_of_allocations', fieldValue: '1' }] },
		options: {},
	},
};

/** Updates of so many deployments, each by an item of its own. */
export async function updateOf(bench: Bench, items: number, cell: Cell): Promise<Table> {
	const { engine, cluster } = bench;
	const access = await cluster.open({ tls: true, latencyMs: cell.latencyMs });
	await cluster.fill(items);
	const ids = Array.from({ length: items }, (_, place) => idOf(place));
	const given: IDataObject[] = ids.map((id) => ({ id }));
	const client = elasticClient(access);
	const pool = new KeepAlive(access, 10);

	const inN8n = (name: string, step: Step): Contender => ({
		name,
		run: async () => {
			const result = await runSteps(engine, access, [step], given);
			expectCount(name, result.node(step.name)[0]?.length ?? 0, items);
		},
	});
	const alone = (name: string, update: (id: string) => Promise<unknown>): Contender => ({
		name,
		run: async () => void (await atOnce(10, ids, update)),
	});
	const all = [
		inN8n(NAMES.ours4, oursWith(4)),
		inN8n(NAMES.ours10, oursWith(10)),
		inN8n(NAMES.bare4, bare(access, 4)),
		inN8n(NAMES.bare10, bare(access, 10)),
		inN8n(NAMES.again, bare(access, 10)),
		inN8n(NAMES.fields10, bare(access, 10, Object.keys(FIELDS))),
		inN8n(NAMES.http, httpRequest(access, 'POST', pathOf('{{ $json.id }}'), JSON.stringify(BODY))),
		...(items * cell.latencyMs <= LONGEST_SEQUENTIAL_MS
			? [inN8n(NAMES.sequential, sequential)]
			: []),
		alone(
			NAMES.client,
			async (id) => await client.ml.updateTrainedModelDeployment({ model_id: id, ...BODY }),
		),
		alone(NAMES.undici, async (id) => await pool.send('POST', pathOf(id), BODY)),
	];
	const rows = await measureAll(all, cell.rounds, cluster);
	for (const { name, requests } of rows) expectCount(`requests of ${name}`, requests, items);
	await pool.close();
	await client.close();
	return { scenario: 'update', what: 'Update', size: items, ...cell, rows };
}

const GRID = [
	{ latencyMs: 0, sizes: [1, 10, 100, 1_000] },
	{ latencyMs: 20, sizes: [1, 10, 100, 1_000] },
	{ latencyMs: 80, sizes: [1, 10, 100] },
];
const QUICK = [
	{ latencyMs: 0, sizes: [1, 100] },
	{ latencyMs: 20, sizes: [100] },
];

export async function update(bench: Bench): Promise<Table[]> {
	const tables: Table[] = [];
	for (const { latencyMs, sizes } of bench.options.quick ? QUICK : GRID) {
		for (const size of sizes) {
			bench.progress(`update of ${size} at ${latencyMs} ms`);
			const rounds = roundsFor(bench.options, size, latencyMs);
			tables.push(await updateOf(bench, size, { latencyMs, rounds }));
		}
	}
	return tables;
}
