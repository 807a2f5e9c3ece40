import { explain } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import { answered } from '../builders';

const UPDATE: Subject = { doing: 'update', deploymentId: 'my-elser' };

it('does not put every 503 down to a missing master', () => {
	const reason = 'failed to process cluster event (update-trained-model) within 30s';
	const failure = answered(503, 'process_cluster_event_timeout_exception', reason);
	const { message, next } = explain(failure, UPDATE);
	expect(message).toMatch(/^The deployment 'my-elser' /);
	expect(message).not.toContain('master');
	expect(next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(true);
});

describe('the name in a message', () => {
	const failure = answered(500, 'null_pointer_exception', 'oops');

	it.each<[Subject, string]>([
		[{ doing: 'stop', deploymentId: 'my-elser' }, "stop the deployment 'my-elser'"],
		[{ doing: 'start', modelId: 'e5' }, "start the model 'e5'"],
		[{ doing: 'start', deploymentId: 'x', modelId: 'e5' }, "start the deployment 'x'"],
		[{ doing: 'read' }, 'read the deployment'],
	])('of %j is right', (subject, name) => {
		expect(explain(failure, subject).message).toBe(
			`Elasticsearch answered with status 500 to the request to ${name}`,
		);
	});
});
