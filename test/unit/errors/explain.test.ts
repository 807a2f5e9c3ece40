import { explain, factsOf } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import { refusalOf, type RefusalCode } from '../../../nodes/elasticsearch/api/refusals';
import { failureOfAnswer } from '../../../nodes/elasticsearch/transport/response';
import type { Purpose } from '../../../nodes/elasticsearch/transport/failure';
import { answered, answeredWith, asItIs, envelope } from '../builders';

describe('the name in a message', () => {
	it.each<[Purpose, Subject, string]>([
		['stop', { deploymentId: 'my-elser' }, "stop the deployment 'my-elser'"],
		['start', { modelId: 'e5' }, "start the model 'e5'"],
		['start', { deploymentId: 'x', modelId: 'e5' }, "start the deployment 'x'"],
		['read', {}, 'read the deployment'],
	])('of a %s of %j is right', (purpose, subject, name) => {
		const failure = answered(500, 'null_pointer_exception', 'oops', purpose);
		expect(explain(failure, subject).message).toBe(
			`Elasticsearch answered with status 500 to the request to ${name}`,
		);
	});
});

describe('what Elasticsearch says in other words', () => {
	it.each<[RefusalCode, number, string, Purpose]>([
		// The id of a deployment stands in the path.
		[
			'no_update_api',
			400,
			'no handler found for uri [/_ml/trained_models/when-priority-is-low/deployment/_update]',
			'update',
		],
		[
			'unknown_parameter',
			400,
			'request [/_ml/x] contains unrecognized parameters: [bar], [foo]',
			'update',
		],
		[
			'unknown_parameter',
			400,
			'request [/_ml/x] contains unrecognized parameter: [foo] -> did you mean [force]?',
			'stop',
		],
		[
			'bad_request',
			400,
			'Failed to parse int parameter [number_of_allocations] with value [abc]',
			'update',
		],
		['bad_request', 400, 'request [POST /_ml/x] does not support having a body', 'update'],
		// A user may be called after the licence.
		[
			'forbidden',
			403,
			'action [cluster:monitor/xpack/ml] is unauthorized for user [license-sync]',
			'read',
		],
		[
			'unavailable',
			503,
			'failed to process cluster event (update-trained-model) within 30s',
			'update',
		],
		// Only a start asks for room for the whole deployment.
		['throttled', 429, 'no ML nodes', 'update'],
	])('is %s', (code, status, reason, purpose) => {
		expect(refusalOf(answered(status, 'exception', reason, purpose))).toBe(code);
	});

	it.each([
		[405, { error: 'Incorrect HTTP method for uri [/_ml] and method [GET], allowed: [POST]' }],
		[406, { error: 'Content-Type header is missing' }],
	])('is known with status %i where the error is a text', (status, body) => {
		expect(refusalOf(answeredWith(status, body))).toBe('rewritten');
	});

	it('stands in the cause of a parse error', () => {
		const cause = '[1:3] [autoscaling_settings] unknown field [foo]';
		const answer = envelope(400, 'x_content_parse_exception', '[1:2] failed to parse field [x]', {
			caused_by: { type: 'x_content_parse_exception', reason: cause },
		});
		const failure = { ...failureOfAnswer(answer, asItIs), purpose: 'update' as const };
		expect(refusalOf(failure)).toBe('unknown_field');
		expect(explain(failure).next).toContain(`failed to parse field [x]; ${cause}`);
	});
});

describe('a refusal that a dry run foresees', () => {
	it('has the words of the real one, and none of the cluster', () => {
		const { message, next } = explain(
			{ kind: 'foreseen', refusal: 'not_pytorch', purpose: 'start' },
			{ modelId: 'e5' },
		);
		expect(message).toBe("The model 'e5' cannot be deployed: only PyTorch models can");
		expect(next).toBe('Other models work in ingest pipelines without a deployment');
	});
});

describe('the facts behind a failure', () => {
	it.each([
		[{ code: 'owners_unknown' as const }, undefined, {}],
		[
			{ code: 'not_found' as const, id: 'x', look: { found: 'nothing' as const } },
			undefined,
			{ status: 404 },
		],
		[
			{ code: 'cannot_record' as const, id: 'x' },
			answered(403, 'security_exception', 'is unauthorized'),
			{ status: 403, reason: 'is unauthorized' },
		],
		[
			{ code: 'stop_unknown' as const, id: 'x', isLate: false },
			answered(503, 'master_not_discovered_exception', null),
			{ status: 503, reason: 'master_not_discovered_exception' },
		],
	])('are those of the request behind the problem %j', (problem, of, facts) => {
		expect(factsOf({ kind: 'problem', problem, of })).toEqual(facts);
	});
});
