/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { byId, credentialFor, givenCluster, keyWith, parameters, run, theEngine } from '../given';

/** The privileges of every API key that the README tells to create. */
function recipes(): string[][] {
	const readme = readFileSync(path.resolve(__dirname, '../../../README.md'), 'utf8');
	const blocks = [...readme.matchAll(/POST \/_security\/api_key\n(\{[\s\S]*?)```/g)];
	return blocks.map(([, json]) => {
		const { role_descriptors } = JSON.parse(json) as {
			role_descriptors: Record<string, { cluster: string[] }>;
		};
		return Object.values(role_descriptors).flatMap(({ cluster }) => cluster);
	});
}

const changing = (privileges: string[]): boolean => privileges.includes('manage_ml');
const byInference = (privileges: string[]): boolean =>
	privileges.some((each) => each.endsWith('_inference'));

describe('the API keys of the README', () => {
	it('are for changing, for changing before 8.14, and for reading', () => {
		expect(recipes()).toEqual([
			['manage_ml', 'monitor_inference'],
			['manage_ml'],
			['monitor_ml', 'monitor_inference'],
		]);
	});

	it.each(recipes())('pass the credential test: %j', async (...privileges) => {
		// What a version does not know is refused there, so it is for later ones.
		const versions = ['8.6', '8.12', '8.16', '9.2'] as const;
		for (const version of versions.slice(byInference(privileges) ? 2 : 0)) {
			const cluster = await givenCluster({ version });
			const apiKey = keyWith(cluster, ...privileges);
			const data = credentialFor(cluster, { apiKey, readOnly: !changing(privileges) });
			expect(await theEngine().testCredential('elasticsearchMlApi', data)).toMatchObject({
				status: 'OK',
			});
		}
	});

	it.each([
		['8.6', 'manage_ml', null],
		['8.12', 'manage_ml', 'unknown'],
		['8.12', 'manage', 'owned'],
		['9.2', 'manage_ml', 'unknown'],
		['9.2', 'monitor_inference', 'owned'],
	] as const)('on %s show with %s the owner as %j', async (version, privilege, endpoint) => {
		const cluster = await givenCluster({ version });
		if (version === '8.6') cluster.addDeployment({ deployment_id: 'owned' });
		else cluster.addInferenceEndpoint({ inference_id: 'owned', model_id: 'm' });
		const credentials = credentialFor(cluster, {
			apiKey: keyWith(cluster, 'manage_ml', privilege),
		});
		const get = parameters('get', { deploymentId: byId('owned') });
		expect((await run(cluster, get, { credentials })).items).toMatchObject([{ endpoint }]);
	});
});
