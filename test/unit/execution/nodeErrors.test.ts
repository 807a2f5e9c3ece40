import type { INode } from 'n8n-workflow';

import type { Failed, Success } from '../../../nodes/MlDeployment/execution/operation';
import { endingError, report, type Ending } from '../../../nodes/MlDeployment/execution/nodeErrors';
import { problem } from '../../../nodes/elasticsearch/flows/failure';

const NODE: INode = {
	id: '1',
	name: 'ML Deployment',
	type: 'n8n-nodes-elasticsearch-ml.mlDeployment',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** A host's failure about one deployment. */
function failureOf(deploymentId: string, done?: Success): Failed {
	const failure = { kind: 'host', message: 'It failed', next: 'Look', purpose: 'stop' } as const;
	return { failure, subject: { deploymentId }, done };
}

function ending(own: Partial<Ending> & Pick<Ending, 'failed'>): Ending {
	return { itemIndex: 0, others: [], done: [], forAgent: false, ...own };
}

function detailsOf(deployment_id: string) {
	return { deployment_id, model_id: null, http_status: null, reason: null, next_step: 'Look.' };
}

describe('the error that ends the node', () => {
	it('keeps the stack of what was not expected as its cause', () => {
		const cause = new TypeError('x is not a function');
		const failed = { failure: { kind: 'unexpected' as const, cause } };
		const error = endingError(NODE, ending({ failed }));
		expect(error.cause).toBe(cause);
		expect(error.message).toBe(
			'The node met something that it was not built for: x is not a function',
		);
		expect(JSON.stringify(error.context)).not.toContain('TypeError');
	});

	it('names what was done, and what may have been stopped', () => {
		const done = [
			{ json: { deployment_id: 'a', action: 'stop' }, did: "stopped 'a'", stop: 0 },
			{ json: { deployment_id: 'b', reason: 'unknown_outcome' }, stop: 1 },
			{ json: { deployment_id: 'c', reason: 'excluded' } },
		];
		const failed = failureOf('d');
		const error = endingError(NODE, ending({ itemIndex: 2, failed, done }));
		expect(error.message).toBe('It failed');
		expect(error.description).toBe(
			"Look.\nDone before this and not undone: stopped 'a'. Perhaps stopped: 'b'. The outputs, with restore, are under 'done' in the error data.",
		);
		expect(error.context).toEqual({
			itemIndex: 2,
			data: {
				done: done.map(({ json }) => json),
				failed: [{ error: 'It failed', details: detailsOf('d') }],
			},
		});
	});

	it('counts the refusals of a pattern, and has the ending one first', () => {
		const failed = failureOf('a');
		const others = [failureOf('b'), failureOf('c')];
		const pattern = { failed: 3, of: 9, past: 'stopped' };
		const error = endingError(NODE, ending({ failed, others, pattern }));
		expect(error.message).toBe('3 of 9 deployments were not stopped');
		expect(error.description).toBe(Array(3).fill('It failed. Look.').join('\n'));
		expect(error.context.data).toEqual({
			done: [],
			failed: ['a', 'b', 'c'].map((id) => ({ error: 'It failed', details: detailsOf(id) })),
		});
	});

	it('is that of the only match of a pattern', () => {
		const pattern = { failed: 1, of: 1, past: 'stopped' };
		const error = endingError(NODE, ending({ failed: failureOf('a'), pattern }));
		expect(error.message).toBe('It failed');
	});

	it('tells at most ten further failures', () => {
		const others = Array.from({ length: 12 }, (_each, index) => failureOf(`x${index}`));
		const error = endingError(NODE, ending({ failed: failureOf('a'), others }));
		expect(error.description?.split('\n')).toHaveLength(12);
		expect(error.description).toMatch(/\n2 more failed\.$/);
		expect(error.context.data).toMatchObject({ failed: { length: 13 } });
	});
});

describe('the item that reports a failure', () => {
	const done = { json: { deployment_id: 'a', restore: '{"schema":1}' }, stop: 0 };

	it('holds what was done', () => {
		expect(report(failureOf('a', done), false)).toEqual({
			message: 'It failed',
			description: 'Look.',
			details: { ...detailsOf('a'), done: done.json },
		});
	});

	it('says all of it in the message for an agent', () => {
		expect(report(failureOf('a', done), true).message).toBe(
			'It failed. Look.\nRestore: {"schema":1}',
		);
	});

	it('has the words of the cluster on a line of their own', () => {
		const of = { kind: 'response', status: 408, reason: 'late', purpose: 'start' } as const;
		const failure = problem({ code: 'start_not_shown', id: 'x' }, of);
		const { description, details } = report({ failure }, false);
		expect(description).toMatch(/then start it again\.\nElasticsearch said: late$/);
		expect(details).toMatchObject({ http_status: 408, reason: 'late' });
	});
});
