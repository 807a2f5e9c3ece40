import type { INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { givenCluster, parameters, run, seen, stop, stopPattern, update, writes } from '../given';

const asTool = async (cluster: EmbeddedCluster, given: INodeParameters) =>
	await run(cluster, given, { nodeType: 'n8n-nodes-elasticsearch-ml.mlDeploymentTool' });

async function givenSearch() {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'search' });
	return cluster;
}

describe('an AI agent', () => {
	it('may read', async () => {
		const cluster = await givenSearch();
		const { items } = await asTool(
			cluster,
			parameters('get', { deploymentId: { __rl: true, mode: 'id', value: 'search' } }),
		);
		expect(items[0]).toMatchObject({ deployment_id: 'search', ready: true });
	});

	it.each([
		['update', update('search', { numberOfAllocations: 2 })],
		['stop', stop('search')],
	])('may not %s until a person allows it, and is told whom to ask', async (_name, given) => {
		const cluster = await givenSearch();
		const result = await asTool(cluster, given);
		expect(seen(result).message).toMatch(
			/may not change deployments.*Ask a person.*'Allow Agent Use'/,
		);
		expect(cluster.requests).toEqual([]);
	});

	it.each([
		['an expression', '={{ true }}'],
		['a text', 'true'],
	])('cannot allow itself with %s', async (_name, allowAgentUse) => {
		const cluster = await givenSearch();
		const result = await asTool(cluster, stop('search', { allowAgentUse }));
		expect(seen(result).message).toMatch(/may not change deployments/);
		expect(cluster.requests).toEqual([]);
	});

	const byId = (value: string) => ({ __rl: true, mode: 'id', value });
	const options = { allowAgentUse: true };
	it.each<[string, INodeParameters]>([
		['get', parameters('get', { deploymentId: byId('search') })],
		['getMany', parameters('getMany')],
		['waitUntilReady', parameters('waitUntilReady', { deploymentId: byId('search') })],
		['update', update('search', { numberOfAllocations: 2, options })],
		[
			'scale',
			parameters('scale', { deploymentId: byId('search'), numberOfAllocations: 2, options }),
		],
		['start', parameters('start', { modelId: byId('search'), options })],
		['stop', stop('search', options)],
	])('gets ten keys of %s', async (_name, given) => {
		const { items } = await asTool(await givenSearch(), given);
		expect(items.map((item) => Object.keys(item).length)).toEqual([10]);
	});

	it('gets the assignment too where it asks for details', async () => {
		const { items } = await asTool(
			await givenSearch(),
			update('search', { numberOfAllocations: 2, options: { ...options, details: true } }),
		);
		expect(Object.keys(items[0])).toEqual(expect.arrayContaining(['assignment', 'details']));
	});

	it('may stop one deployment where a person allowed it', async () => {
		const cluster = await givenSearch();
		const { items } = await asTool(cluster, stop('search', { allowAgentUse: true }));
		expect(items[0]).toMatchObject({ action: 'stop', changed: true });
	});

	it('may look at a plan', async () => {
		const cluster = await givenSearch();
		const { items } = await asTool(cluster, stop('search', {}, { dryRun: true }));
		expect(items[0]).toMatchObject({ dry_run: true, action: 'stop' });
		expect(writes(cluster)).toEqual([]);
	});

	it.each([
		['a pattern', stopPattern('s*', { allowAgentUse: true }), /one deployment at a time/],
		['_all', stop('_all', { allowAgentUse: true }), /is a pattern/],
		['force', stop('search', { allowAgentUse: true, force: true }), /may not force/],
	])('is always refused %s', async (_name, given, message) => {
		const cluster = await givenSearch();
		expect(seen(await asTool(cluster, given)).message).toMatch(message);
		expect(cluster.requests).toEqual([]);
	});

	it('reads the next step in the message, since it sees nothing else', async () => {
		const cluster = await givenSearch();
		const result = await asTool(
			cluster,
			update('serach', { numberOfAllocations: 2, options: { allowAgentUse: true } }),
		);
		expect(seen(result).message).toMatch(
			/No deployment is called 'serach'\. Did you mean 'search'\? Pick it from the list/,
		);
	});
});

describe('a person', () => {
	it('needs no permission outside an agent', async () => {
		const cluster = await givenSearch();
		expect((await run(cluster, stop('search'))).status).toBe('success');
	});
});
