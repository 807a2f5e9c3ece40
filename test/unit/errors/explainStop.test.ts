import { explain } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import { answered } from '../builders';

const STOP: Subject = { doing: 'stop', deploymentId: 'my-elser' };
const STATE = 'status_exception';
const REFUSED = 'Cannot stop deployment [my-elser] as it';

interface Case {
	status: number;
	type: string;
	reason: string;
	message: string;
	/** The option, privilege or version to change. */
	names: string;
}

/** The rows of docs/elasticsearch-behaviour.md, "Stop". */
const CASES: Array<[string, Case]> = [
	[
		'a pipeline uses it',
		{
			status: 409,
			type: STATE,
			reason: `${REFUSED} is referenced by ingest processors; use force to stop the deployment`,
			message: "The deployment 'my-elser' was not stopped: an ingest pipeline uses it",
			names: "the option 'Force'",
		},
	],
	[
		'a pipeline uses it through an alias',
		{
			status: 409,
			type: STATE,
			reason: `${REFUSED} has a model_alias [my-alias] that is still referenced by ingest processors; use force to stop the deployment`,
			message:
				"The deployment 'my-elser' was not stopped: an ingest pipeline uses it through a model alias",
			names: "the option 'Force'",
		},
	],
	[
		'an inference endpoint is attached to it',
		{
			status: 409,
			type: STATE,
			reason: `${REFUSED} is used by inference endpoint [my-endpoint]`,
			message: "The deployment 'my-elser' was not stopped: an inference endpoint uses it",
			names: "the option 'Force'",
		},
	],
	[
		'it is unknown',
		{
			status: 404,
			type: 'resource_not_found_exception',
			reason: 'No known model deployment with id [my-elser]',
			message: "No deployment is called 'my-elser'",
			names: 'the operation Get Many',
		},
	],
	[
		'its assignment could not be deleted',
		{
			status: 500,
			type: 'exception',
			reason:
				'failed to delete model assignment after nodes unallocated the deployment. Attempt to stop again',
			message: "The deployment 'my-elser' was stopped on its nodes, but the cluster still lists it",
			names: 'Stop it again',
		},
	],
	[
		'the cluster is older than finish_pending_work',
		{
			status: 400,
			type: 'illegal_argument_exception',
			reason:
				'request [/_ml/trained_models/my-elser/deployment/_stop] contains unrecognized parameter: [finish_pending_work]',
			message:
				"The deployment 'my-elser' was not stopped: this cluster cannot finish pending work first",
			names: "the option 'Finish Pending Work'",
		},
	],
	[
		'a flag is neither true nor false',
		{
			status: 400,
			type: 'illegal_argument_exception',
			reason: 'Failed to parse value [x] as only [true] or [false] are allowed.',
			message:
				"The deployment 'my-elser' was left as it was: Elasticsearch did not accept the request",
			names: 'correct the field that it names',
		},
	],
];

describe.each(CASES)('a stop where %s', (_where, { status, type, reason, message, names }) => {
	const explanation = explain(answered(status, type, reason), STOP);

	it('says what happened to which deployment', () => {
		expect(explanation.message).toBe(message);
	});

	it('says what to change, and what the cluster said', () => {
		expect(explanation.next).toContain(names);
		expect(explanation.next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(
			true,
		);
	});
});

describe('a stop of what an inference endpoint created', () => {
	const reason = `${REFUSED} was created by inference endpoint [my-elser]`;
	const explanation = explain(answered(409, STATE, reason), STOP);

	it('is told apart from one that an endpoint is only attached to', () => {
		const attached = answered(409, STATE, `${REFUSED} is used by inference endpoint [x]`);
		expect(explanation.message).not.toBe(explain(attached, STOP).message);
		expect(explanation.message).toMatch(
			/^The deployment 'my-elser' was not stopped: an inference endpoint created it/,
		);
	});

	it('names the option that stops it all the same', () => {
		expect(explanation.next).toContain("the option 'Force'");
	});

	it('names a way that is open: Update would be refused as well', () => {
		expect(explanation.next).toMatch(/inference API|scale_to_zero_time/);
	});

	it('says what the cluster said', () => {
		expect(explanation.next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(
			true,
		);
	});
});
