import { eventually } from '../../eventually';
import { byId, givenCluster, lines, parameters, run, seen, update, writes } from '../given';

const get = (options = {}) => parameters('get', { deploymentId: byId('search'), options });

async function givenSearch() {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search' });
	return cluster;
}

describe('the time of one request', () => {
	it.each([
		['that trickles in and never idles', { kind: 'drip' as const }],
		['that never comes', { kind: 'hang' as const }],
	])('bounds an answer %s, and the connection is closed', async (_name, fault) => {
		const cluster = await givenSearch();
		cluster.fault({ ...fault, path: /_stats$/ });
		const result = await run(cluster, get({ requestTimeout: 1, retries: 3 }));
		expect(seen(result).message).toBe('The cluster gave no answer in time');
		expect(seen(result).description).toContain("raise the option 'Request Timeout (Seconds)'");
		expect(lines(cluster.requests)).toEqual(['GET /_ml/trained_models/search/_stats']);
		await eventually(() => {
			cluster.resetLog();
			return cluster.maxInFlight() === 0;
		});
	});

	it('bounds a change too, which is not sent again', async () => {
		const cluster = await givenSearch();
		cluster.fault({ kind: 'drip', after: true, path: /_update$/ });
		const result = await run(
			cluster,
			update('search', { numberOfAllocations: 2, options: { requestTimeout: 1 } }),
		);
		expect(seen(result).message).toBe('The cluster gave no answer in time');
		expect(writes(cluster)).toHaveLength(1);
		expect(cluster.deployment('search')?.number_of_allocations).toBe(2);
	});
});
