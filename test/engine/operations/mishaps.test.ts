/** What goes wrong in clusters, by version (docs/elasticsearch-behaviour.md, "Versions: timeline"). */

import { VERSIONS, type ClusterVersion } from '../../cluster';
import { beforeLook, byId, givenCluster, parameters, run, seen, stop } from '../given';

const wait = (id: string, waitTimeout: number) =>
	parameters('waitUntilReady', { deploymentId: byId(id), options: { waitTimeout } });

describe('routes that stay stopping', () => {
	it.each(['8.19', '9.5', 'serverless'] as const)(
		'are what a wait names at its end, on %s',
		async (version) => {
			const cluster = await givenCluster({ version, serverlessHidesState: false });
			cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 2 });
			cluster.leaveStopping('search');
			const { message, description } = seen(await run(cluster, wait('search', 1)));
			expect(message).toBe("The deployment 'search' was not ready after 1 s");
			expect(description).toContain('0 of 2 allocations run: one of its nodes is stopping');
		},
	);

	it('are a deployment that is stopping, where the state is hidden', async () => {
		const cluster = await givenCluster({ version: 'serverless', serverlessHidesState: true });
		cluster.addDeployment({ deployment_id: 'search', number_of_allocations: 2 });
		cluster.leaveStopping('search');
		const { message, description } = seen(await run(cluster, wait('search', 1)));
		expect(message).toBe("The deployment 'search' was not ready after 1 s: it is stopping");
		expect(description).toContain('one of its machine learning nodes may hang');
	});

	it('are no end of a stop whose answer is lost', async () => {
		const cluster = await givenCluster();
		cluster.addDeployment({ deployment_id: 'search', state: 'stopping' });
		cluster.fault({ kind: 'reset', path: '_stop' });
		const result = await run(cluster, stop('search', { requestTimeout: 2 }));
		expect(seen(result).message).toBe("The deployment 'search' is stopping, but not gone yet");
		expect(seen(result).description).toContain('one of its machine learning nodes may hang');
	});
});

describe('a start whose nodes never get the resources', () => {
	const reason = 'Could not assign (more) allocations on node [n]';

	it.each(VERSIONS)('says why, on %s', async (version) => {
		const cluster = await givenCluster({ version });
		cluster.addModel({ model_id: 'elser', start_exhausted: reason });
		const { message } = seen(await run(cluster, parameters('start', { modelId: byId('elser') })));
		expect(message).toContain(reason);
	});

	// From 8.19.22, 9.4.7 and 9.5.4 on it is 409; before, 500; what does not fit at once is 429.
	it.each([409, 429, 500])('has no room where the start itself ends with %i', async (status) => {
		const cluster = await givenCluster();
		cluster.addModel({ model_id: 'elser' });
		const error = { type: 'status_exception', reason };
		const body = { error: { root_cause: [error], ...error }, status };
		cluster.fault({ kind: 'status', path: '_start', status, body, times: Infinity });
		const started = await run(cluster, parameters('start', { modelId: byId('elser') }));
		expect(seen(started).message).toBe(
			"The deployment 'elser' was not started: the machine learning nodes have no room for it",
		);
		expect(cluster.requests.filter(({ path }) => path.endsWith('_start'))).toHaveLength(1);
	});
});

describe('a deployment that sleeps while an ML node shuts down', () => {
	const KEEPS: readonly ClusterVersion[] = ['9.5', 'serverless'];
	const ADAPTIVE = VERSIONS.filter((version) => !['8.6', '8.12'].includes(version));

	it.each(ADAPTIVE)('is lost by older versions, and a wait says so, on %s', async (version) => {
		const cluster = await givenCluster({ version });
		cluster.addDeployment({
			deployment_id: 'search',
			number_of_allocations: 0,
			adaptive_allocations: { enabled: true, min_number_of_allocations: 1 },
		});
		const [node] = [{ id: 'gone', name: 'gone', processors: 1, memoryBytes: 2 ** 30 }];
		cluster.set({ nodes: [node, { ...node, id: 'stays', name: 'stays' }] });
		beforeLook(cluster, /\/search\/_stats$/, 2, () => cluster.shutDownNode('gone'));
		const { message, description } = seen(await run(cluster, wait('search', 4)));
		if (KEEPS.includes(version)) {
			expect(message).not.toMatch(/was stopped while/);
		} else {
			expect(message).toBe("The deployment 'search' was stopped while it was waited for");
			expect(description).toContain('the cluster itself can lose a deployment that sleeps at zero');
		}
	});
});
