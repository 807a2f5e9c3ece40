import type { Bench } from '../bench';
import type { Access } from '../cluster/orders';
import { httpRequest, ours } from '../contenders/steps';
import { expectCount, runSteps, type Step } from '../flow';
import { measureAll, type Contender } from '../measure';
import { roundsFor, type Cell, type Table } from '../table';

const PATTERN = 'bench-*';

const byPattern = ours('stop', {
	target: 'pattern',
	pattern: PATTERN,
	maxMatches: 1_000_000,
	options: {},
});

/** What a person builds of n8n's own nodes: list, split, filter, and stop in a loop. */
function chain(access: Access): Step[] {
	const list = httpRequest(access, 'GET', '/_ml/trained_models/_stats?size=10000');
	const id = '{{ $json.deployment_stats.deployment_id }}';
	const stop = httpRequest(access, 'POST', `/_ml/trained_models/${id}/deployment/_stop`);
	return [
		list,
		{
			name: 'Split Out',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'trained_model_stats', options: {} },
		},
		{
			name: 'Filter',
			type: 'n8n-nodes-base.filter',
			typeVersion: 2.2,
			parameters: {
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
					combinator: 'and',
					conditions: [
						{
							id: 'pattern',
							leftValue: `=${id}`,
							rightValue: 'bench-',
							operator: { type: 'string', operation: 'startsWith' },
						},
					],
				},
				options: {},
			},
		},
		{
			name: 'Loop',
			type: 'n8n-nodes-base.splitInBatches',
			typeVersion: 3,
			parameters: { options: {} },
			leadsTo: [[], [stop.name]],
		},
		{ ...stop, leadsTo: [['Loop']] },
	];
}

/** Stops of all that match a pattern, of so many. */
export async function stopOf(bench: Bench, size: number, cell: Cell): Promise<Table> {
	const { engine, cluster } = bench;
	const access = await cluster.open({ tls: true, latencyMs: cell.latencyMs });
	const by = (name: string, steps: Step[], done: string): Contender => ({
		name,
		// What the last run stopped, runs again.
		prepare: async () => await cluster.fill(size),
		run: async () => {
			const result = await runSteps(engine, access, steps, [{}]);
			expectCount(name, result.node(done)[0]?.length ?? 0, size);
		},
	});
	const rows = await measureAll(
		[
			by('ML Deployment, Stop by pattern', [byPattern], byPattern.name),
			by('HTTP, Split Out, Filter, Loop, HTTP', chain(access), 'HTTP POST'),
		],
		cell.rounds,
		cluster,
	);
	return { scenario: 'stop', what: 'Stop by pattern', size, ...cell, rows };
}

export async function stop(bench: Bench): Promise<Table[]> {
	const tables: Table[] = [];
	for (const size of bench.options.quick ? [1, 10] : [1, 100, 1_000]) {
		bench.progress(`stop of ${size}`);
		const rounds = size >= 1_000 ? 1 : roundsFor(bench.options, size);
		tables.push(await stopOf(bench, size, { latencyMs: 0, rounds }));
	}
	return tables;
}
