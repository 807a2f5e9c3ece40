import { explain } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import { answered } from '../builders';

const SECURITY = 'security_exception';
const UNABLE =
	'unable to authenticate with provided credentials and anonymous access is not allowed for this request';
const NEW_KEY = 'Put the encoded key that Kibana showed into the credential';

function on(doing: Subject['doing']): Subject {
	return { doing, deploymentId: 'my-elser' };
}

function denial(action: string, privileges: string, user = 'elastic'): string {
	return `action [cluster:${action}] is unauthorized for API key id [KEYID] of user [${user}], this action is granted by the cluster privileges [${privileges}]`;
}

describe('a key that is not accepted', () => {
	it.each([
		[
			'missing on arrival',
			'missing authentication credentials for REST request [/_ml/trained_models/_stats]',
			{},
			'The API key did not arrive at Elasticsearch',
			'no proxy removes the Authorization header',
		],
		[
			'unknown',
			UNABLE,
			{ additional_unsuccessful_credentials: 'API key: unable to find apikey with id XXX' },
			'Elasticsearch does not accept the API key',
			NEW_KEY,
		],
		[
			'expired',
			UNABLE,
			{ additional_unsuccessful_credentials: 'API key: api key is expired' },
			'The API key is expired',
			'Create a new key in Kibana',
		],
		[
			'wrong in its secret',
			UNABLE,
			{ additional_unsuccessful_credentials: 'API key: invalid credentials for API key [id]' },
			'Elasticsearch does not accept the API key',
			NEW_KEY,
		],
		[
			'of another user',
			'unable to authenticate user [elastic] for REST request [/_ml]',
			{},
			'Elasticsearch does not accept the API key',
			NEW_KEY,
		],
		[
			'not base64',
			'Illegal base64 character 5f',
			{},
			'Elasticsearch does not accept the API key',
			NEW_KEY,
		],
	])('because it is %s', (_what, reason, more: Record<string, string>, message, names) => {
		const explanation = explain(answered(401, SECURITY, reason, more), on('update'));
		expect(explanation.message).toBe(message);
		expect(explanation.next).toContain(names);
		const said = [reason, ...Object.values(more)].join('; ');
		expect(explanation.next.endsWith(`. Elasticsearch said: ${said.replace(/;$/, '')}`)).toBe(true);
	});

	// Its status is not established (docs/elasticsearch-behaviour.md, "Security: 401"), and the secret half alone, pasted by mistake, gives it.
	it('because it is not base64, also where the status is 400', () => {
		const failure = answered(400, 'illegal_argument_exception', 'Illegal base64 character 5f');
		const { message, next } = explain(failure, on('update'));
		expect(message).toBe('Elasticsearch does not accept the API key');
		expect(next).toContain(NEW_KEY);
	});
});

const STATS = denial('monitor/xpack/ml/inference/stats/get', 'monitor_ml,monitor,manage_ml');
const UPDATE = denial('admin/xpack/ml/trained_models/deployment/update', 'manage_ml,manage,all');
const STOP = denial('admin/xpack/ml/trained_models/deployment/stop', 'manage_inference,manage_ml');
const START = denial(
	'admin/xpack/ml/trained_models/deployment/start',
	'manage_inference,manage_ml',
);

const LICENCE =
	"The deployment 'my-elser' was left as it was: the licence of the cluster does not cover machine learning";

describe('a key that may not do it', () => {
	it.each<[Subject['doing'], string, string, string]>([
		['read', STATS, 'The API key may not read deployments', 'the cluster privilege monitor_ml'],
		[
			'update',
			UPDATE,
			"The API key may not change the deployment 'my-elser'",
			'the cluster privilege manage_ml. The privilege manage_inference is enough for Stop and Start, but not for Update',
		],
		[
			'stop',
			STOP,
			"The API key may not stop the deployment 'my-elser'",
			'the cluster privilege manage_ml',
		],
		[
			'start',
			START,
			"The API key may not start the deployment 'my-elser'",
			'the cluster privilege manage_ml',
		],
	])('is told which privilege to give it to %s', (doing, reason, message, names) => {
		const explanation = explain(answered(403, SECURITY, reason), on(doing));
		expect(explanation.message).toBe(message);
		expect(explanation.next).toContain(names);
		expect(explanation.next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(
			true,
		);
	});

	it('is not mistaken for a licence, whatever its user is called', () => {
		const reason = denial('monitor/xpack/ml/inference/stats/get', 'monitor_ml', 'license-sync');
		const { message } = explain(answered(403, SECURITY, reason), on('read'));
		expect(message).toBe('The API key may not read deployments');
	});
});

describe.each<Subject['doing']>(['read', 'update', 'stop', 'start'])(
	'what is no matter of privileges, at a %s',
	(doing) => {
		it.each([
			[
				'the licence',
				'current license is non-compliant for [ml]',
				LICENCE,
				'Platinum, Enterprise or trial licence',
			],
			[
				'an upgrade',
				'Cannot start model deployment [my-elser] while cluster upgrade is in progress.',
				"The deployment 'my-elser' was left as it was: the cluster is being upgraded",
				'when all nodes have the same version',
			],
		])('is %s', (_what, reason, message, names) => {
			const explanation = explain(answered(403, SECURITY, reason), on(doing));
			expect(explanation.message).toBe(message);
			expect(explanation.next).toContain(names);
			expect(explanation.next).toContain('No privilege changes this');
			expect(explanation.next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(
				true,
			);
		});
	},
);
