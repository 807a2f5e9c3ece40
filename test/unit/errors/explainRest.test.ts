import { explain } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import type { Failure } from '../../../nodes/elasticsearch/transport/failure';
import { answered, answeredWith } from '../builders';

const UPDATE: Subject = { doing: 'update', deploymentId: 'my-elser' };
const ARGUMENT = 'illegal_argument_exception';
const LEFT = "The deployment 'my-elser' was left as it was";

const CHANGED = 'Something between n8n and Elasticsearch changed the request';
const NO_UPDATE =
	"The deployment 'my-elser' was not changed: this cluster has no way to update deployments";

function noHandler(path: string): Failure {
	return answeredWith(400, { error: `no handler found for uri [${path}] and method [POST]` });
}

/** The rows of docs/elasticsearch-behaviour.md, "REST: situations" in which Elasticsearch itself answers. */
const CASES: Array<[string, Failure, string, string]> = [
	[
		'a wrong method',
		answeredWith(405, {
			error: 'Incorrect HTTP method for uri [/_ml] and method [GET], allowed: [POST]',
			status: 405,
		}),
		CHANGED,
		'no proxy rewrites methods or headers',
	],
	[
		'a missing content type',
		answeredWith(406, { error: 'Content-Type header is missing', status: 406 }),
		CHANGED,
		'no proxy rewrites methods or headers',
	],
	[
		'a wrong content type',
		answeredWith(406, { error: 'Content-Type header [text/plain] is not supported', status: 406 }),
		CHANGED,
		'no proxy rewrites methods or headers',
	],
	[
		'no way to update',
		noHandler('/_ml/trained_models/my-elser/deployment/_update'),
		NO_UPDATE,
		'from Elasticsearch 8.6 on',
	],
	[
		'no way to update what is called low-priority',
		noHandler('/_ml/trained_models/low-priority/deployment/_update'),
		NO_UPDATE,
		'from Elasticsearch 8.6 on',
	],
	[
		'no machine learning',
		noHandler('/_ml/trained_models/my-elser/deployment/_stop'),
		'This cluster does not have the trained model APIs',
		'xpack.ml.enabled',
	],
	[
		'a wrong version header',
		answered(400, 'media_type_header_exception', 'Invalid media-type value on headers [Accept]'),
		`${LEFT}: Elasticsearch did not accept the request`,
		'correct the field that it names',
	],
	[
		'unknown parameters',
		answered(400, ARGUMENT, 'request [/_ml/x] contains unrecognized parameters: [bar], [foo]'),
		`${LEFT}: this version of Elasticsearch doesn't know a setting that was sent`,
		'Leave the option out',
	],
	[
		'a body that is not wanted',
		answered(400, ARGUMENT, 'request [POST /_ml/x] does not support having a body'),
		`${LEFT}: Elasticsearch did not accept the request`,
		'correct the field that it names',
	],
	[
		'a circuit breaker',
		answered(
			429,
			'circuit_breaking_exception',
			'[parent] Data too large, data for [<http_request>] would be [1gb]',
		),
		`${LEFT}: the cluster is short of memory and refused the request`,
		"the option 'Retries'",
	],
	[
		'another limit',
		answered(429, 'es_rejected_execution_exception', 'rejected execution of task'),
		`${LEFT}: the cluster refuses more for now`,
		"the option 'Max Concurrency'",
	],
	[
		'no master',
		answered(503, 'master_not_discovered_exception', null),
		`${LEFT}: the cluster has no elected master for now`,
		"the option 'Retries'",
	],
	[
		'a block',
		answered(
			503,
			'cluster_block_exception',
			'blocked by: [SERVICE_UNAVAILABLE/1/state not recovered];',
		),
		`${LEFT}: the cluster blocks changes for now`,
		'when the cluster has recovered',
	],
	[
		'Serverless',
		answered(
			410,
			'api_not_available_exception',
			'uri [/_ml/x] with method [POST] exists but is not available when running in serverless mode',
		),
		'This API is not available on Serverless',
		'cannot be used with this project',
	],
	[
		'an unknown model',
		answered(404, 'resource_not_found_exception', 'No known trained model with model_id [a,b]'),
		"No deployment is called 'my-elser'",
		'the operation Get Many',
	],
	[
		'an unknown model, in words that go on since 8.13',
		answered(
			404,
			'resource_not_found_exception',
			'No known trained model with model_id [a]. Whatever comes behind it',
		),
		"No deployment is called 'my-elser'",
		'the operation Get Many',
	],
	[
		'an unknown model, in the words of inference',
		answered(404, 'resource_not_found_exception', 'Could not find trained model [a]'),
		"No deployment is called 'my-elser'",
		'the operation Get Many',
	],
	[
		'another thing that is not there',
		answered(404, 'index_not_found_exception', 'no such index [_ml]'),
		`${LEFT}: Elasticsearch does not find something that this needs`,
		'What it does not find is said below',
	],
	[
		'an endpoint that was deleted a moment ago',
		answered(404, 'resource_not_found_exception', 'Inference endpoint not found [my-elser]'),
		`${LEFT}: Elasticsearch does not find something that this needs`,
		'the operation Get Many',
	],
	[
		'another conflict',
		answered(409, 'version_conflict_engine_exception', 'version conflict'),
		"The deployment 'my-elser' is in a state that does not allow this",
		'the operation Get',
	],
	[
		'what no row knows',
		answered(500, 'null_pointer_exception', 'oops'),
		"Elasticsearch answered with status 500 to the request to update the deployment 'my-elser'",
		'the operation Get',
	],
];

describe.each(CASES)('%s', (_what, failure, message, names) => {
	const explanation = explain(failure, UPDATE);

	it('says what happened', () => {
		expect(explanation.message).toBe(message);
	});

	it('says what to do, and what the cluster said', () => {
		expect(explanation.next).toContain(names);
		const said = failure.reason ?? failure.type ?? 'nothing';
		expect(explanation.next.endsWith(`. Elasticsearch said: ${said.replace(/;$/, '')}`)).toBe(true);
	});
});

describe('a 404 of Elasticsearch itself', () => {
	const reasons = [
		'No known trained model with model_id [m]',
		'No known trained model with model_id [m]. Whatever comes behind it',
		'Could not find trained model [m]',
		'Could not find trained model definition [m]',
		'No known model deployment with id [m]',
		'no such index [.ml-inference]',
		null,
	];

	it.each(['read', 'update', 'stop', 'start'] as const)(
		'to %s never blames the address',
		(doing) => {
			for (const reason of reasons) {
				const failure = answered(404, 'resource_not_found_exception', reason);
				const { message, next } = explain(failure, { doing, deploymentId: 'x', modelId: 'm' });
				expect(`${message}. ${next}`).not.toMatch(/Cluster Endpoint|\b(host|port|path)\b/);
			}
		},
	);

	it.each(reasons.slice(0, 3))('to start a model that is not there says so: %s', (reason) => {
		const failure = answered(404, 'resource_not_found_exception', reason);
		const subject = { doing: 'start', deploymentId: 'x', modelId: 'm' } as const;
		expect(explain(failure, subject).message).toBe("There is no trained model called 'm'");
	});
});
