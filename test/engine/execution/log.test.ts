import { byId, givenCluster, parameters, run, stop, stopPattern, update } from '../given';
import { captureLogs } from '../harness/logs';

const logged = captureLogs();

/** What the node wrote to n8n's log, without level and metadata. */
function ownLines(): string[] {
	return logged.flatMap((line) => /^debug ML Deployment: (.*) \{/.exec(line)?.[1] ?? []);
}

beforeEach(() => logged.splice(0));

describe("n8n's log", () => {
	it('tells of a request that is sent again', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'html', status: 502, path: /_update$/ });
		await run(cluster, update('search', { numberOfAllocations: 2 }));
		expect(ownLines()).toEqual([
			expect.stringMatching(
				/^POST \/_ml\/trained_models\/search\/deployment\/_update ended with status 502, and is sent again in \d+ ms$/,
			),
		]);
	});

	it('tells of a lost answer', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'reset', path: /_stop$/, after: true });
		await run(cluster, stop('search'));
		expect(ownLines()).toEqual([
			"The stop of 'search' ended with ECONNRESET; its end is looked for",
		]);
	});

	it('tells of a wait, and how it ended', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		await run(cluster, parameters('waitUntilReady', { deploymentId: byId('search') }));
		expect(ownLines()).toEqual([
			"Waiting for the deployment 'search', 300 s at most",
			"Waiting for the deployment 'search' ended after 0 s: it is there",
		]);
	});

	it('tells of what is held back because the run has ended', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		cluster.fault({ kind: 'latency', ms: 300, path: '/search/_stats' });
		await run(cluster, stop('={{ $json.id }}'), { items: [{ id: 'wrong' }, { id: 'search' }] });
		expect(ownLines()).toEqual([
			"The stop of 'search' is held back: the run has ended with a failure",
		]);
		expect(cluster.deployment('search')?.state).toBe('started');
	});

	it('is silent where nothing of that happens', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		await run(cluster, stopPattern('search', {}));
		expect(ownLines()).toEqual([]);
	});
});
