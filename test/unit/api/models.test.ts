import {
	checkModel,
	inputFieldOf,
	listModels,
	modelAliases,
	type Model,
} from '../../../nodes/elasticsearch/api/models';
import {
	failed,
	notElasticsearch,
	success,
	type Failure,
	type Result,
} from '../../../nodes/elasticsearch/transport/failure';
import { absent, refusedWith, timedOut } from '../failures';
import { ScriptedConnection, type Exchange } from '../flows/harness/scriptedConnection';

const E5 = {
	model_id: 'e5',
	model_type: 'pytorch',
	description: 'Many languages',
	model_size_bytes: 470_000_000,
	metadata: { model_aliases: ['search', 7, 'shop'] },
	input: { field_names: ['body', 'title'] },
};

const page = (count: number, ...models: unknown[]): Result<unknown> =>
	success({ count, trained_model_configs: models });

const LANG = { model_id: 'lang_ident', model_type: 'lang_ident' };

/** What is no page of models. */
const NO_PAGES: Array<[string, unknown]> = [
	['a login page', '<html>'],
	['no count', { trained_model_configs: [E5] }],
	['no list', { count: 1 }],
	['a list that is an object', { count: 1, trained_model_configs: {} }],
	['a list with an entry without an id', { count: 2, trained_model_configs: [E5, {}] }],
	['a list with a text', { count: 2, trained_model_configs: [E5, 'e5'] }],
];

describe('the models', () => {
	const from = (start: number) => ({
		method: 'GET' as const,
		path: '/_ml/trained_models',
		query: { from: String(start), size: '100' },
	});

	const listed = async (...exchanges: Exchange[]) =>
		await listModels(new ScriptedConnection(exchanges));

	const read: Model = {
		id: 'e5',
		description: 'Many languages',
		sizeBytes: 470_000_000,
		type: 'pytorch',
		isPyTorch: true,
		aliases: ['search', 'shop'],
		inputField: 'body',
	};
	const least: Model = {
		id: 'x',
		description: '',
		sizeBytes: null,
		type: 'unknown',
		isPyTorch: false,
		aliases: [],
		inputField: null,
	};

	it.each<[string, unknown, Model[]]>([
		['all they tell', E5, [read]],
		['what it means that they tell less', { model_id: 'x' }, [least]],
		[
			'nothing that is not as it should be',
			{ model_id: 'x', metadata: { model_aliases: {} }, input: { field_names: { 0: 'a' } } },
			[least],
		],
	])('are read with %s', async (_what, entry, expected) => {
		expect(await listed([from(0), page(1, entry)])).toEqual(success(expected));
	});

	const ids = async (...exchanges: Exchange[]) => {
		const models = await listed(...exchanges);
		return models.ok ? models.value.map(({ id }) => id) : models;
	};

	it('are read page by page', async () => {
		const pages: Exchange[] = [
			[from(0), page(201, { model_id: 'a' })],
			[from(100), page(201, { model_id: 'b' })],
			[from(200), page(201, { model_id: 'c' })],
		];
		expect(await ids(...pages)).toEqual(['a', 'b', 'c']);
		expect(await ids([from(0), page(100, { model_id: 'a' })])).toEqual(['a']);
	});

	it('end with an empty page, however many the cluster counts', async () => {
		const pages: Exchange[] = [
			[from(0), page(500, { model_id: 'a' })],
			[from(100), page(500)],
		];
		expect(await ids(...pages)).toEqual(['a']);
	});

	it.each(NO_PAGES)('are not read from %s', async (_what, body) => {
		expect(await listed([from(0), success(body)])).toEqual(notElasticsearch('read'));
	});

	it('are not read after a failure', async () => {
		expect(await listed([from(0), timedOut()])).toEqual(failed(timedOut()));
	});
});

const look = { method: 'GET' as const, path: '/_ml/trained_models/e5' };
const looked = (answer: Result<unknown> | Failure) => new ScriptedConnection([[look, answer]]);

describe('the aliases of a model', () => {
	it.each<[string, Result<unknown> | Failure, string[] | null]>([
		['are told by the model', page(1, E5), ['search', 'shop']],
		['are none where the model names none', page(1, LANG), []],
		['are not known without the model', page(0), null],
		['are not known from a login page', success('<html>'), null],
		['are not known where the key may not read models', refusedWith(403, 'unauthorized'), null],
	])('%s', async (_what, answer, aliases) => {
		expect(await modelAliases(looked(answer), 'e5')).toEqual(aliases);
	});
});

describe('a model', () => {
	const forbidden = refusedWith(403, 'unauthorized', 'security_exception');

	it.each<[string, Result<unknown> | Failure, unknown]>([
		['can be deployed if it is of PyTorch', page(1, E5), success(undefined)],
		['cannot be deployed if it is not', page(1, LANG), success('not_pytorch')],
		['cannot be deployed if there is none', absent(), failed({ ...absent(), purpose: 'start' })],
		['may be deployable where the key may not read it', forbidden, failed(forbidden)],
		['is none in an empty page', page(0), notElasticsearch('read')],
		['is none in a login page', success('<html>'), notElasticsearch('read')],
	])('%s', async (_what, answer, expected) => {
		expect(await checkModel(looked(answer), 'e5')).toEqual(expected);
	});

	it.each<[string, Result<unknown> | Failure, unknown]>([
		['the first field that it names', page(1, E5), success('body')],
		['the usual field where it names none', page(1, LANG), success('text_field')],
		['no field where there is none', absent(), failed(absent())],
		['no field in an empty page', page(0), notElasticsearch('read')],
		['no field on a login page', success('<html>'), notElasticsearch('read')],
	])('reads %s', async (_what, answer, expected) => {
		expect(await inputFieldOf(looked(answer), 'e5')).toEqual(expected);
	});
});
