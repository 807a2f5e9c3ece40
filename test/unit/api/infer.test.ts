import {
	clearCache,
	inferRequest,
	readResult,
	type Question,
} from '../../../nodes/elasticsearch/api/infer';
import {
	failed,
	notElasticsearch,
	success,
	type Failure,
	type Result,
} from '../../../nodes/elasticsearch/transport/failure';
import { refusedWith } from '../failures';
import { ScriptedConnection } from '../flows/harness/scriptedConnection';

describe('an inference', () => {
	const question: Question = { text: 'A text', inputField: 'text_field', timeoutS: 10 };

	it('asks one deployment about one document, changes nothing, and may be repeated', () => {
		expect(inferRequest('my e5', question)).toEqual({
			method: 'POST',
			purpose: 'infer',
			changes: false,
			path: '/_ml/trained_models/my%20e5/_infer',
			query: { timeout: '10s' },
			body: { docs: [{ text_field: 'A text' }] },
			repeat: 'safe',
		});
	});

	it('may overrule the settings of the model', () => {
		const config = { zero_shot_classification: { labels: ['a', 'b'] } };
		const { body } = inferRequest('e5', { ...question, inputField: 'body', config });
		expect(body).toEqual({ docs: [{ body: 'A text' }], inference_config: config });
	});

	it('has one result, handed on as it came', () => {
		const result = { predicted_value: [0.1] };
		expect(readResult({ inference_results: [result] })).toBe(result);
	});

	it.each([
		undefined,
		'<html>',
		{},
		{ inference_results: {} },
		{ inference_results: [] },
		{ inference_results: [{}, {}] },
		{ inference_results: ['x'] },
		{ inference_results: { length: 1, 0: {} } },
	])('has no result in %j', (body) => {
		expect(readResult(body)).toBeUndefined();
	});
});

describe('a cache', () => {
	const refused = refusedWith(404, 'No known model deployment', 'resource_not_found_exception');

	it.each<[string, Result<unknown> | Failure, Result<true>]>([
		['is cleared', success({ cleared: true }), success(true)],
		['is not cleared', success({ cleared: false }), notElasticsearch('clearCache')],
		['is not cleared by a login page', success('<html>'), notElasticsearch('clearCache')],
		['is not cleared after a refusal', refused, failed({ ...refused, purpose: 'clearCache' })],
	])('%s', async (_what, answer, expected) => {
		const connection = new ScriptedConnection([[{}, answer]]);
		expect(await clearCache(connection, 'my e5')).toEqual(expected);
		expect(connection.sent[0].request).toEqual({
			method: 'POST',
			purpose: 'clearCache',
			changes: true,
			path: '/_ml/trained_models/my%20e5/deployment/cache/_clear',
			repeat: 'safe',
		});
	});
});
