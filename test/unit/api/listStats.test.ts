import { listStats } from '../../../nodes/elasticsearch/api/deployments';
import { failed, notElasticsearch, success } from '../../../nodes/elasticsearch/transport/failure';
import { timedOut } from '../failures';
import { ScriptedConnection, type Exchange } from '../flows/harness/scriptedConnection';

const from = (start: number) => ({
	method: 'GET' as const,
	path: '/_ml/trained_models/_stats',
	query: { from: String(start), size: '1000' },
});

/** A page of so many models, whose entries are `model`, or `model/deployment`. */
function page(start: number, models: number, ...names: string[]): Exchange {
	const entries = names.map((name) => {
		const [model_id, deployment_id] = name.split('/');
		if (deployment_id === undefined) return { model_id };
		return { model_id, deployment_stats: { model_id, deployment_id, state: 'started' } };
	});
	return [from(start), success({ count: models, trained_model_stats: entries })];
}

async function listed(...exchanges: Exchange[]): Promise<unknown> {
	const result = await listStats(new ScriptedConnection(exchanges));
	if (!result.ok) return result;
	return result.value.map(({ modelId, deployment }) =>
		deployment === undefined ? modelId : `${modelId}/${deployment.id}`,
	);
}

describe('all statistics', () => {
	it.each<[string, Exchange[], string[]]>([
		['are on one page on most clusters', [page(0, 2, 'a', 'b/x')], ['a', 'b/x']],
		['are on one page as long as that holds all models', [page(0, 1_000, 'a')], ['a']],
		[
			'end where the pages have passed all models, not with a short page',
			[page(0, 2_001, 'a/x'), page(1_000, 2_001, 'a/y', 'b'), page(2_000, 2_001, 'c')],
			['a/x', 'a/y', 'b', 'c'],
		],
		[
			'end with an empty page, however many models it counts',
			[page(0, 5_000, 'a'), page(1_000, 5_000)],
			['a'],
		],
		[
			'name an entry once that moved to the next page',
			[page(0, 1_001, 'a', 'b/x'), page(1_000, 1_001, 'b/x', 'c')],
			['a', 'b/x', 'c'],
		],
		[
			'are read again where a model went meanwhile, which could hide another',
			[page(0, 1_001, 'a', 'gone'), page(1_000, 1_000), page(0, 1_000, 'a', 'b')],
			['a', 'b'],
		],
	])('%s', async (_what, exchanges, expected) => {
		expect(await listed(...exchanges)).toEqual(expected);
	});

	it('are not read from a first page that counts models and shows none', async () => {
		expect(await listed(page(0, 2))).toEqual(notElasticsearch('read'));
		expect(await listed(page(0, 0))).toEqual([]);
	});

	it('are what the fifth round shows where models come and go all the time', async () => {
		const round = (name: string) => [page(0, 1_002, name), page(1_000, 1_001, 'b')];
		const rounds = ['a1', 'a2', 'a3', 'a4', 'a5'].flatMap(round);
		expect(await listed(...rounds)).toEqual(['a5', 'b']);
	});

	it.each([
		['a failure', timedOut(), failed(timedOut())],
		['a login page', success('<html>'), notElasticsearch('read')],
	])('are not read at all, rather than fewer, after %s', async (_what, answer, expected) => {
		expect(await listed([from(0), answer])).toEqual(expected);
		expect(await listed(page(0, 1_001, 'a'), [from(1_000), answer])).toEqual(expected);
	});

	it('are read with the settings of the caller', async () => {
		const connection = new ScriptedConnection([page(0, 1_001, 'a'), page(1_000, 1_001, 'b')]);
		await listStats(connection, { retries: 0 });
		expect(connection.sent.map(({ settings }) => settings)).toEqual([
			{ retries: 0 },
			{ retries: 0 },
		]);
	});
});
