import { explain, factsOf } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import { problem } from '../../../nodes/elasticsearch/flows/failure';
import type { Failure, Purpose } from '../../../nodes/elasticsearch/transport/failure';

const ASKED: Subject = { deploymentId: 'my-elser', modelId: '.elser_model_2' };
const PURPOSES: Purpose[] = ['read', 'start', 'update', 'stop'];

function refusal(status: number, reason?: string, purpose: Purpose = 'update'): Failure {
	return { kind: 'response', status, type: 'a_type', reason, purpose };
}

describe('an answer that nobody knows', () => {
	it.each<[Purpose, Subject, string]>([
		['stop', { deploymentId: 'my-elser' }, "stop the deployment 'my-elser'"],
		['start', { modelId: 'e5' }, "start the model 'e5'"],
		['start', { deploymentId: 'x', modelId: 'e5' }, "start the deployment 'x'"],
		['read', {}, 'read the deployment'],
	])('to a %s of %j is told with its status and its name', (purpose, subject, name) => {
		expect(explain(refusal(500, 'oops', purpose), subject)).toEqual({
			message: `Elasticsearch answered with status 500 to the request to ${name}`,
			next: 'Look at the state of the deployment with the operation Get before running this again',
			said: 'oops',
		});
	});
});

describe('what Elasticsearch said', () => {
	it('is its type where it gives no reason', () => {
		expect(explain(refusal(500), ASKED).said).toBe('a_type');
	});

	it('is shown whole where there are several problems, and the first rule that fits is told', () => {
		const minimum =
			'[min_number_of_allocations] must not be larger than [max_number_of_allocations];';
		const reason = `Validation Failed: 1: ${minimum}2: [timeout] must be positive;`;
		const { message, said } = explain(refusal(400, reason), ASKED);
		expect(message).toContain('its minimum of allocations would be above its maximum');
		expect(said).toBe(reason.slice(0, -1));
	});

	it('is told of the request behind a problem too', () => {
		const found = problem({ code: 'start_not_shown', id: 'x' }, refusal(408, 'late'));
		expect(explain(found).said).toBe('late');
		expect(explain(problem({ code: 'owners_unknown' })).said).toBeUndefined();
	});

	it('is no licence only because a user is called so', () => {
		const reason = 'action [x] is unauthorized for API key id [KEYID] of user [license-sync]';
		expect(explain(refusal(403, reason, 'read')).message).toBe(
			'The API key may not read deployments',
		);
	});

	it.each(PURPOSES)('with 404 to a %s never blames the address', (purpose) => {
		const reasons = [
			'No known trained model with model_id [m]',
			'Could not find trained model [m]',
			'Could not find trained model definition [m]',
			'No known model deployment with id [m]',
			'no such index [.ml-inference]',
			undefined,
		];
		for (const reason of reasons) {
			const { message, next } = explain(refusal(404, reason, purpose), ASKED);
			expect(`${message}. ${next}`).not.toMatch(/Cluster Endpoint|\b(host|port|path)\b/);
		}
	});
});

it('tells a refusal that is foreseen without words of Elasticsearch', () => {
	const foreseen = { kind: 'foreseen', refusal: 'not_pytorch', purpose: 'start' } as const;
	expect(explain(foreseen, ASKED)).toEqual({
		message: "The model '.elser_model_2' cannot be deployed: only PyTorch models can",
		next: 'Other models work in ingest pipelines without a deployment',
	});
});

it.each([
	['an error', new Error('oops')],
	['anything else', 'oops'],
])('tells a slip of ours, thrown as %s', (_what, cause) => {
	expect(explain({ kind: 'unexpected', cause })).toEqual({
		message: 'The node met something that it was not built for: oops',
		next: 'Please report this with the steps that led to it',
	});
});

it('begins the next step with the id that was perhaps meant', () => {
	const found = problem({ code: 'not_found', id: 'x', look: { found: 'nothing' } });
	const { message, next } = explain(found);
	const meant = explain(found, { deploymentId: 'x', meant: 'y' });
	expect(meant).toEqual({ message, next: `Did you mean 'y'? ${next}` });
});

describe('the facts behind a failure', () => {
	it('are the status, and the reason or else the type', () => {
		expect(factsOf(refusal(409, 'no'))).toEqual({ status: 409, reason: 'no' });
		expect(factsOf(refusal(503))).toEqual({ status: 503, reason: 'a_type' });
	});

	it('are those of the request behind a problem', () => {
		const found = problem({ code: 'start_not_shown', id: 'x' }, refusal(408, 'late'));
		expect(factsOf(found)).toEqual({ status: 408, reason: 'late' });
		expect(factsOf(problem({ code: 'owners_unknown' }))).toEqual({});
	});

	it('are 404 where a look shows nothing', () => {
		const found = problem({ code: 'not_found', id: 'x', look: { found: 'nothing' } });
		expect(factsOf(found)).toEqual({ status: 404 });
	});
});

it('shows of a long id its beginning only', () => {
	const id = 'x'.repeat(3_000);
	const { message } = explain(refusal(404, 'No known trained model with model_id [x]'), {
		deploymentId: id,
	});
	expect(message).toBe(`No deployment is called '${'x'.repeat(59)}…'`);
});
