import { statsOf } from '../../../nodes/elasticsearch/api/deployments';
import type { ApiRequest, Connection } from '../../../nodes/elasticsearch/transport/connection';
import {
	failed,
	notElasticsearch,
	success,
	type Result,
} from '../../../nodes/elasticsearch/transport/failure';
import { answered } from '../builders';
import { proxySaid, timedOut } from '../failures';
import { DrivenClock } from '../drivenClock';

/** `_stats` of deployments, each of a model of its own. */
function stats(...ids: string[]): Result<unknown> {
	return success({
		count: ids.length,
		trained_model_stats: ids.map((id) => ({
			model_id: `model-of-${id}`,
			deployment_stats: { deployment_id: id, model_id: `model-of-${id}`, state: 'started' },
		})),
	});
}

const MISSING = failed(answered(404, 'resource_not_found_exception', 'No known trained model'));

/** A cluster that gives these answers one after the other. */
function given(...answers: Array<Result<unknown>>): { connection: Connection; sent: ApiRequest[] } {
	const sent: ApiRequest[] = [];
	const send: Connection['send'] = async (request) => {
		sent.push(request);
		return await Promise.resolve(answers[sent.length - 1] ?? MISSING);
	};
	return {
		connection: { send, clock: new DrivenClock(), cluster: 'hash', log: () => undefined },
		sent,
	};
}

const MODELS = '/_ml/trained_models';
const lookAt = (ids: string): ApiRequest => ({
	method: 'GET',
	purpose: 'read',
	changes: false,
	path: `${MODELS}/${ids}/_stats`,
	query: { size: '1000' },
	repeat: 'safe',
});
const lookAtOne = (id: string): ApiRequest => ({
	method: 'GET',
	purpose: 'read',
	changes: false,
	path: `${MODELS}/${id}/_stats`,
	repeat: 'safe',
});

async function idsFound(connection: Connection, ids: string[]): Promise<unknown> {
	const found = await statsOf(connection, ids);
	return found.ok ? found.value.map(({ id }) => id) : found;
}

describe('statistics of some deployments', () => {
	it('are asked for at once, each id encoded, joined by plain commas', async () => {
		const { connection, sent } = given(stats('a', 'b/c', '.d e'));
		expect(await idsFound(connection, ['a', 'b/c', '.d e'])).toEqual(['a', 'b/c', '.d e']);
		expect(sent).toEqual([lookAt('a,b%2Fc,.d%20e')]);
	});

	it('hold no other deployment of a model that an id happens to name', async () => {
		const { connection } = given(stats('a', 'other-of-b'));
		expect(await idsFound(connection, ['a', 'b'])).toEqual(['a']);
	});

	it('are looked up one by one where an id names nothing', async () => {
		const { connection, sent } = given(MISSING, stats('a'), MISSING, stats('c'));
		expect(await idsFound(connection, ['a', 'b', 'c'])).toEqual(['a', 'c']);
		expect(sent).toEqual([lookAt('a,b,c'), lookAtOne('a'), lookAtOne('b'), lookAtOne('c')]);
	});

	it('are none where the only id names nothing, without a second look', async () => {
		const { connection, sent } = given(MISSING);
		expect(await idsFound(connection, ['a'])).toEqual([]);
		expect(sent).toEqual([lookAt('a')]);
	});

	it('are asked for in several parts where the path would get too long for a proxy', async () => {
		const ids = Array.from({ length: 30 }, (_each, index) => `${'long-'.repeat(50)}${index}`);
		const { connection, sent } = given(...ids.map(() => stats()));
		expect(await idsFound(connection, ids)).toEqual([]);
		expect(sent.map(({ path }) => path.length > 3_000 || path.length < 1_500)).toEqual([
			true,
			true,
			true,
		]);
		expect(Math.max(...sent.map(({ path }) => path.length))).toBeLessThanOrEqual(3_500);
		const asked = sent.flatMap(({ path }) => path.split('/')[3].split(','));
		expect(asked).toEqual(ids);
	});

	it.each([
		[3_500, 1],
		[3_501, 2],
	])('are asked for by a path of %i signs in %i parts', async (length, parts) => {
		const around = lookAt('a,').path.length;
		const ids = ['a', 'x'.repeat(length - around)];
		const { connection, sent } = given(stats(), stats());
		await statsOf(connection, ids);
		expect(lookAt(ids.join(',')).path).toHaveLength(length);
		expect(sent).toHaveLength(parts);
	});

	it('are asked for in parts that one page holds, however short the ids are', async () => {
		const ids = Array.from({ length: 500 }, (_each, index) => index.toString(36));
		const { connection, sent } = given(...ids.map(() => stats()));
		await statsOf(connection, ids);
		expect(sent.map(({ path }) => path.split('/')[3].split(',').length)).toEqual([300, 200]);
	});

	it('are asked for alone where one id is longer than a path should be', async () => {
		const long = 'x'.repeat(4_000);
		const { connection, sent } = given(stats('a'), stats(long), stats('b'));
		expect(await idsFound(connection, ['a', long, 'b'])).toEqual(['a', long, 'b']);
		expect(sent).toEqual([lookAt('a'), lookAt(long), lookAt('b')]);
	});

	it.each<[string, Result<unknown>]>([
		['a failure of the list', failed(timedOut())],
		['a 404 that is not of Elasticsearch', failed(proxySaid(404))],
	])('are not looked up one by one after %s', async (_name, failure) => {
		const { connection, sent } = given(failure);
		expect(await statsOf(connection, ['a', 'b'])).toEqual(failure);
		expect(sent).toEqual([lookAt('a,b')]);
	});

	it('fail with the first failure when they look each id up by itself', async () => {
		const failure = failed(timedOut());
		const { connection, sent } = given(MISSING, stats('a'), failure);
		expect(await statsOf(connection, ['a', 'b', 'c'])).toEqual(failure);
		expect(sent).toHaveLength(3);
	});

	it.each([
		['a login page', '<html>'],
		['a page that counts models and shows none', { count: 1, trained_model_stats: [] }],
	])('are not read from %s', async (_what, body) => {
		const { connection } = given(success(body));
		expect(await statsOf(connection, ['a'])).toEqual(notElasticsearch('read'));
	});
});
