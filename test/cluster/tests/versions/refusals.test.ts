import { ask, endClusters, failureOf, given } from '../ask';
import { VERSIONS } from '../../settings/versions';
import type { ClusterVersion } from '../../types';

afterEach(endClusters);

const LOW = /when \[priority\] is low/;
const since = (...versions: ClusterVersion[]) => versions;

describe('low priority', () => {
	const GUARDED = since('8.19', '9.2', '9.5', 'serverless');

	it.each(VERSIONS.filter((version) => version !== 'serverless'))(
		'keeps an update in %s from more than one allocation, or not yet',
		async (version) => {
			const cluster = await given({ version });
			cluster.addDeployment({ deployment_id: 'low', priority: 'low' });
			const path = '/_ml/trained_models/low/deployment/_update';
			const reply = await ask(cluster, 'POST', path, { number_of_allocations: 2 });
			expect(reply.status).toBe(GUARDED.includes(version) ? 400 : 200);
			if (reply.status === 400) expect(failureOf(reply)[2]).toMatch(LOW);
		},
	);

	it.each(VERSIONS.slice(2))(
		'keeps update and start in %s from a range above 1, or not yet',
		async (version) => {
			const cluster = await given({ version });
			cluster.addModel({ model_id: 'model' });
			cluster.addDeployment({ deployment_id: 'low', model_id: 'model', priority: 'low' });
			const adaptive_allocations = { enabled: true, max_number_of_allocations: 2 };
			const start = '/_ml/trained_models/model/deployment/_start?deployment_id=new&priority=low';
			for (const path of [start, '/_ml/trained_models/low/deployment/_update']) {
				const reply = await ask(cluster, 'POST', path, { adaptive_allocations });
				expect([path, reply.status]).toEqual([path, GUARDED.includes(version) ? 400 : 200]);
				if (reply.status === 400) expect(failureOf(reply)[2]).toMatch(LOW);
			}
		},
	);
});

describe('a model that nobody knows', () => {
	it.each(VERSIONS)(
		'is a 404 that begins the same in %s, with a tail since 8.13',
		async (version) => {
			const cluster = await given({ version });
			const start = 'No known trained model with model_id [a]';
			for (const [method, path] of [
				['GET', '/_ml/trained_models/a/_stats'],
				['GET', '/_ml/trained_models/a'],
				['POST', '/_ml/trained_models/a/deployment/_start'],
			]) {
				const [status, type, reason] = failureOf(await ask(cluster, method, path));
				expect([status, type]).toEqual([404, 'resource_not_found_exception']);
				expect(reason?.startsWith(start)).toBe(true);
				expect(reason !== start).toBe(!['8.6', '8.12'].includes(version));
			}
		},
	);

	it.each(VERSIONS)('has another text where it is asked in %s', async (version) => {
		const cluster = await given({ version });
		const reply = await ask(cluster, 'POST', '/_ml/trained_models/a/_infer', { docs: [{}] });
		expect(failureOf(reply)).toEqual([
			404,
			'resource_not_found_exception',
			'Could not find trained model [a]',
		]);
	});
});

describe('a start', () => {
	const start = '/_ml/trained_models/model/deployment/_start';

	it.each(VERSIONS)('whose nodes never get the resources is 409 or 500 in %s', async (version) => {
		const cluster = await given({ version });
		cluster.addModel({ model_id: 'model', start_exhausted: 'no memory left' });
		const [status, type, reason] = failureOf(await ask(cluster, 'POST', start));
		expect([status, type]).toEqual([
			['8.19', '9.5', 'serverless'].includes(version) ? 409 : 500,
			'status_exception',
		]);
		expect(reason).toContain('no memory left');
		expect(cluster.deployment('model')).toBeUndefined();
	});

	it('whose process fails is 500 in every version', async () => {
		for (const version of VERSIONS) {
			const cluster = await given({ version });
			cluster.addModel({ model_id: 'model', start_failure: 'bad model' });
			expect((await ask(cluster, 'POST', start)).status).toBe(500);
		}
	});

	it.each<[ClusterVersion, boolean]>([
		['9.2', false],
		['9.5', true],
	])('without room is 429, which in %s names a setting: %s', async (version, names) => {
		const cluster = await given({ version, nodes: [] });
		cluster.addModel({ model_id: 'model' });
		const [status, , reason] = failureOf(await ask(cluster, 'POST', start));
		expect([status, reason?.includes('xpack.ml.use_auto_machine_memory_percent')]).toEqual([
			429,
			names,
		]);
		expect(reason).toMatch(
			/^Could not start deployment because no ML nodes with sufficient capacity/,
		);
	});
});
