import { explain } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import { answered } from '../builders';

const UPDATE: Subject = { doing: 'update', deploymentId: 'my-elser' };

/** What of docs/elasticsearch-behaviour.md, "Update: errors" hangs on the state of the cluster, not on the values sent. */
it.each([
	[
		'it is unknown',
		404,
		'resource_not_found_exception',
		'No known model deployment with id [my-elser]',
		"No deployment is called 'my-elser'",
		'the operation Get Many',
	],
	[
		'it is not started',
		409,
		'status_exception',
		'cannot update deployment that is not in [started] state',
		"The deployment 'my-elser' was not changed: it is not in the state started",
		'operation Wait Until Ready',
	],
	[
		'an inference endpoint created it',
		409,
		'status_exception',
		'Cannot update deployment [my-elser] as it was created by inference endpoint [my-elser]. This model deployment must be updated through the inference API.',
		"The deployment 'my-elser' was not changed: an inference endpoint created it, and only the inference API may change it",
		"the option 'When Endpoint-Owned'",
	],
	[
		'there is no room',
		429,
		'status_exception',
		'Could not update deployment because there are not enough resources to provide all requested allocations',
		"The deployment 'my-elser' was not changed: the machine learning nodes have no room for so many allocations",
		'Trying again alone does not help',
	],
])('an update where %s says so', (_where, status, type, reason, expected, names) => {
	const { message, next } = explain(answered(status, type, reason), UPDATE);
	expect(message).toBe(expected);
	expect(next).toContain(names);
	expect(next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(true);
});
