import {
	byId,
	givenCluster,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	update,
	writes,
} from '../given';
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

	it('holds the stack of what the node was not built for, which no output holds', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		// No cluster lists a deployment with such an id, so nothing but the node's last check knows it.
		const answer = await fetch(`${cluster.endpoint}/_ml/trained_models/_stats`, {
			headers: { authorization: `ApiKey ${cluster.apiKey}` },
		});
		const text = await answer.text();
		const body = JSON.parse(
			text.replace('"deployment_id":"search"', '"deployment_id":".."'),
		) as object;
		cluster.fault({ kind: 'status', status: 200, body, path: 'trained_models/_stats' });
		const result = await run(cluster, stopPattern('..', {}));
		expect(seen(result)).toEqual({
			message: "The node met something that it was not built for: '..' cannot be an id",
			description: 'Please report this with the steps that led to it.',
		});
		expect(logged.filter((line) => line.startsWith('error ML Deployment'))).toEqual([
			expect.stringMatching(
				/^error ML Deployment: The node met something that it was not built for: '\.\.' cannot be an id [^]*stack: [^]*TypeError[^]*modelPath/,
			),
		]);
		expect(writes(cluster)).toEqual([]);
	});

	it('is silent where nothing of that happens', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search' });
		await run(cluster, stopPattern('search', {}));
		expect(ownLines()).toEqual([]);
	});
});
