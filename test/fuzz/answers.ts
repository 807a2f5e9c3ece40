/** What the embedded cluster answers, to change it at a place. */

import type { EmbeddedCluster } from '../cluster';

const MODELS = '/_ml/trained_models';

/** A valid body of each endpoint, about deployments that are there. */
export interface Answers {
	/** Of one deployment, of all, and of one that fails and of one that hides its state. */
	stats: unknown[];
	assignment: unknown;
	stopped: unknown;
	result: unknown;
	cleared: unknown;
	models: unknown;
	endpoints: unknown;
	refusal: unknown;
}

const ID = 'fz-1';

/** Asks for all of them; changes the deployment `fz-1`, and stops it in the end. */
export async function answersOf(cluster: EmbeddedCluster): Promise<Answers> {
	const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
		const answer = await fetch(cluster.endpoint + path, {
			method,
			headers: {
				authorization: `ApiKey ${cluster.apiKey}`,
				'content-type': 'application/json',
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		return await answer.json();
	};
	cluster.addDeployment({ deployment_id: ID, number_of_allocations: 2, last_access: 1 });
	cluster.addDeployment({ deployment_id: 'failing', state: 'failed', reason: 'it failed' });
	cluster.addDeployment({ deployment_id: 'owned', created_by_endpoint: true });
	cluster.addPipeline({ id: 'uses', model_id: ID });
	const one = await ask('GET', `${MODELS}/${ID}/_stats`);
	const all = await ask('GET', `${MODELS}/_stats`);
	cluster.set({ serverlessHidesState: true });
	const hidden = await ask('GET', `${MODELS}/${ID}/_stats`);
	cluster.set({ serverlessHidesState: false });
	const update = { number_of_allocations: 3 };
	return {
		stats: [one, all, hidden, await ask('GET', `${MODELS}/failing/_stats`)],
		assignment: await ask('POST', `${MODELS}/${ID}/deployment/_update`, update),
		result: await ask('POST', `${MODELS}/${ID}/_infer`, { docs: [{ text_field: 'x' }] }),
		cleared: await ask('POST', `${MODELS}/${ID}/deployment/cache/_clear`),
		models: await ask('GET', MODELS),
		endpoints: await ask('GET', '/_inference/_all'),
		refusal: await ask('POST', `${MODELS}/nope/deployment/_stop?allow_no_match=false`),
		stopped: await ask('POST', `${MODELS}/${ID}/deployment/_stop?force=true`),
	};
}
