import type { EmbeddedCluster, FaultRule } from '../../cluster';
import {
	beforeLook,
	credentialFor,
	givenCluster,
	keyWith,
	lines,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	writes,
} from '../given';
import { asAsked, stopped } from '../operations/outputs';

const goOn = { whenSomeFail: 'goOn' };

async function givenDeployments(...ids: string[]): Promise<EmbeddedCluster> {
	const cluster = await givenCluster();
	for (const id of ids) cluster.addDeployment({ deployment_id: id });
	return cluster;
}

/** The cluster itself answers with an error of its own. */
function ownError(status: number, path: string | RegExp): FaultRule {
	const body = { error: { root_cause: [], type: 'some_exception', reason: 'broken' }, status };
	return { kind: 'status', status, path, body };
}

describe('If Some Fail: Go On', () => {
	it('does not cover a key that may not read the owners that a forced stop needs', async () => {
		const cluster = await givenDeployments('a', 'b');
		const apiKey = keyWith(cluster, 'manage_ml');
		const given = stopPattern('a,b', { ...goOn, force: true });
		const result = await run(cluster, given, {
			credentials: credentialFor({ ...cluster, apiKey }),
		});
		expect(seen(result).message).toContain('Nothing was stopped: the API key may not read');
		expect(result.status).toBe('error');
		expect(writes(cluster)).toEqual([]);
	});

	it('does not cover a pattern of which everything is excluded', async () => {
		const cluster = await givenDeployments('a');
		const fields = { target: 'pattern', pattern: 'a*', numberOfAllocations: 2 };
		const given = parameters('scale', { ...fields, options: { ...goOn, exclude: 'a' } });
		const result = await run(cluster, given);
		expect(seen(result).message).toContain("Everything that matches 'a*' is excluded");
		expect(result.status).toBe('error');
	});

	it('does not cover a workflow that never stopped anything', async () => {
		const cluster = await givenCluster();
		const given = parameters('start', { startFrom: 'remembered', options: goOn });
		const result = await run(cluster, given, { staticData: {} });
		expect(seen(result).message).toBe('This workflow does not remember stopping anything');
		expect(result.status).toBe('error');
	});

	it('does not cover a list of deployments that the cluster cannot give', async () => {
		const cluster = await givenDeployments('a');
		cluster.fault(ownError(500, /trained_models\/_stats$/));
		const result = await run(cluster, stopPattern('a*', goOn));
		expect(seen(result).message).toContain('Elasticsearch answered with status 500');
		expect(result.status).toBe('error');
		expect(writes(cluster)).toEqual([]);
	});

	it('does not count where it is left over from a pattern', async () => {
		const cluster = await givenDeployments('b');
		cluster.addPipeline({ id: 'docs-b', model_id: 'b' });
		const result = await run(cluster, stop('b', goOn));
		expect(seen(result).message).toContain("'b' was not stopped: an ingest pipeline uses it");
		expect(result.status).toBe('error');
	});
});

describe('the count of the matches that failed', () => {
	it('leaves out a part of the pattern that fails as a whole', async () => {
		const cluster = await givenDeployments('a');
		const given = parameters('start', { startFrom: 'remembered', pattern: 'x*,a' });
		const result = await run(cluster, given, { staticData: {} });
		expect(seen(result).message).toBe(
			"This workflow does not remember stopping anything that matches 'x*'",
		);
		expect(result.error).toHaveProperty('context.data.done', [
			asAsked('a', { reason: 'nothing_to_restore', assignment: null }),
		]);
	});

	it('leaves out a list that a further try cannot read', async () => {
		const cluster = await givenDeployments('a', 'b');
		cluster.addPipeline({ id: 'docs-b', model_id: 'b' });
		cluster.fault({ ...ownError(500, /trained_models\/_stats$/), skip: 1 });
		const again = { retryOnFail: true, maxTries: 2 };
		const result = await run(cluster, stopPattern('a,b'), again);
		expect(result.tries).toBe(2);
		expect(seen(result).message).toContain('Elasticsearch answered with status 500');
		expect(result.error).toHaveProperty('context.data.done', [stopped('a')]);
	});

	it('counts a deployment once that an earlier try changed and this one cannot see', async () => {
		const cluster = await givenDeployments('a', 'b', 'c');
		const refusal = { path: /b\/deployment\/_update$/, times: Infinity };
		cluster.fault({ ...ownError(409, refusal.path), ...refusal });
		cluster.fault({ ...ownError(500, /\/a\/_stats$/), skip: 1 });
		const fields = { target: 'pattern', pattern: 'a,b,c', numberOfAllocations: 2 };
		const again = { retryOnFail: true, maxTries: 2 };
		const result = await run(cluster, parameters('scale', fields), again);
		expect(result.tries).toBe(2);
		expect(seen(result).message).toBe('2 of 3 deployments were not scaled');
	});
});

describe('a failure to read the owners again, in the middle of a pattern', () => {
	it('is about the deployment that was started again, and the others have their turn', async () => {
		const cluster = await givenDeployments('a', 'b');
		beforeLook(cluster, '/a/_stats', 1, () => {
			const { start_time } = cluster.deployment('a')!;
			cluster.addDeployment({ deployment_id: 'a', start_time: start_time + 1 });
			cluster.fault({ ...ownError(500, '/_inference'), times: 1 });
		});
		const result = await run(cluster, stopPattern('a,b', { ...goOn, retries: 0 }));
		expect(result.items).toEqual([
			expect.objectContaining({ error: expect.stringContaining('status 500') }),
			stopped('b', { warnings: [expect.stringContaining('could not be read this time')] }),
		]);
		expect(lines(writes(cluster))).toEqual([expect.stringContaining('/b/deployment/_stop')]);
	});
});
