import type { INode } from 'n8n-workflow';

import { endingError } from '../../../nodes/MlDeployment/execution/nodeErrors';

const NODE: INode = {
	id: '1',
	name: 'ML Deployment',
	type: 'n8n-nodes-elasticsearch-ml.mlDeployment',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

describe('the error that ends the node', () => {
	it('keeps the stack of what was not expected as its cause', () => {
		const cause = new TypeError('x is not a function');
		const failure = { kind: 'unexpected' as const, cause };
		const error = endingError(NODE, 0, { failure }, [], [], false);
		expect(error.cause).toBe(cause);
		expect(error.message).toBe(
			'The node met something that it was not built for: x is not a function',
		);
		expect(JSON.stringify(error.context)).not.toContain('TypeError');
	});

	it('names what was done, and what may have been stopped', () => {
		const failure = { kind: 'host' as const, message: 'It failed', next: 'Look' };
		const undone = { failure: { ...failure, purpose: 'stop' as const } };
		const done = [
			{ json: { deployment_id: 'a', stopped: true }, did: "stopped 'a'", stop: 0 },
			{ json: { deployment_id: 'b', reason: 'unknown_outcome' }, stop: 1 },
			{ json: { deployment_id: 'c', reason: 'excluded' } },
		];
		const error = endingError(NODE, 2, undone, done, [], false);
		expect(error.description).toBe(
			"Look\nDone before this and not undone: stopped 'a'. Perhaps stopped: 'b'. Their outputs, with restore, are in this error's context under 'done'",
		);
		expect(error.context).toMatchObject({ itemIndex: 2, done: done.map(({ json }) => json) });
	});
});
