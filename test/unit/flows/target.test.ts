import { findTargets } from '../../../nodes/elasticsearch/flows/target';
import { success } from '../../../nodes/elasticsearch/transport/failure';
import { absent, kindOf, proxySaid } from '../failures';
import { ScriptedConnection, type Exchange } from './harness/scriptedConnection';
import { lookAt, shows } from './harness/wire';

const look = lookAt('a');

describe('the deployment that a text is for', () => {
	it('is looked up once for all items', async () => {
		const connection = new ScriptedConnection([[look, shows({ a: {} })]]);
		const targets = findTargets();
		const found = await Promise.all([targets.find(connection, 'a'), targets.find(connection, 'a')]);
		expect(found[0]).toEqual(found[1]);
		expect(await targets.find(connection, 'a')).toMatchObject({
			value: { deployment: { id: 'a' } },
		});
	});

	it('is looked up again where a look failed, and not where the cluster does not know it', async () => {
		const connection = new ScriptedConnection([
			[look, proxySaid(502)],
			[look, absent()],
		]);
		const targets = findTargets();
		expect(kindOf(await targets.find(connection, 'a'))).toBe('not_elasticsearch');
		expect(kindOf(await targets.find(connection, 'a'))).toBe('problem');
		expect(kindOf(await targets.find(connection, 'a'))).toBe('problem');
	});

	it('is the one deployment of a model', async () => {
		const connection = new ScriptedConnection([
			[look, shows({ b: { modelId: 'a' } })],
			[lookAt('b'), shows({ b: { modelId: 'a' } })],
		]);
		expect(await findTargets().find(connection, 'a')).toMatchObject({
			value: { deployment: { id: 'b', modelId: 'a' } },
		});
	});

	it('is not drawn where a model has several', async () => {
		const several = shows({ b: { modelId: 'a' }, c: { modelId: 'a' } });
		const connection = new ScriptedConnection([[look, several]]);
		expect(await findTargets().find(connection, 'a')).toMatchObject({
			failure: { problem: { code: 'not_found', look: { deploymentIds: ['b', 'c'] } } },
		});
	});
});

describe('the field of a document that a model reads', () => {
	const read = { method: 'GET' as const, path: '/_ml/trained_models/a' };
	const model: Exchange = [
		read,
		success({
			count: 1,
			trained_model_configs: [{ model_id: 'a', input: { field_names: ['body'] } }],
		}),
	];

	it('is looked up once for all items', async () => {
		const connection = new ScriptedConnection([model]);
		const targets = findTargets();
		expect(await targets.inputField(connection, 'a')).toEqual(success('body'));
		expect(await targets.inputField(connection, 'a')).toEqual(success('body'));
	});

	it('is looked up again where a look failed', async () => {
		const connection = new ScriptedConnection([[read, proxySaid(502)], model]);
		const targets = findTargets();
		expect(kindOf(await targets.inputField(connection, 'a'))).toBe('not_elasticsearch');
		expect(await targets.inputField(connection, 'a')).toEqual(success('body'));
	});
});
