import type { INodeTypeDescription } from 'n8n-workflow';

import { rest } from './given';

const NODE = 'n8n-nodes-elasticsearch-ml.mlDeployment';
const TOOL = `${NODE}Tool`;
const TRIGGER = `${NODE}Trigger`;
const ICONS = 'icons/n8n-nodes-elasticsearch-ml/dist/nodes/MlDeployment';

let types: INodeTypeDescription[];

beforeAll(async () => {
	types = await rest.nodeTypes.all();
});

function served(name: string): INodeTypeDescription {
	const found = types.find((type) => type.name === name);
	if (found === undefined) throw new Error(`n8n does not serve '${name}'`);
	return found;
}

describe('n8n serves the package', () => {
	it('under its own name: the node with its tool variant, and the trigger', () => {
		const names = types.map(({ name }) => name).filter((name) => /elasticsearch-?ml/i.test(name));
		expect(names.sort()).toEqual([NODE, TOOL, TRIGGER]);
	});

	it('with what the nodes panel shows and searches', () => {
		const { displayName, description, codex, usableAsTool, version, group } = served(NODE);
		expect({ displayName, description, usableAsTool, version, group }).toEqual({
			displayName: 'ML Deployment',
			description: 'Scale, stop, start and watch Elasticsearch trained model deployments',
			usableAsTool: true,
			version: 1,
			group: ['output'],
		});
		expect(codex?.categories).toEqual(['Development', 'Data & Storage']);
		expect(codex?.alias).toEqual(expect.arrayContaining(['Elasticsearch', 'ML', 'Scale', 'ELSER']));
		expect(codex?.resources?.primaryDocumentation?.[0].url).toMatch(/^https:.+#operations$/);
	});

	it('with a trigger that polls, found by what it waits for', () => {
		const { displayName, codex, polling, group, usableAsTool, inputs } = served(TRIGGER);
		expect({ displayName, polling, group, usableAsTool, inputs }).toEqual({
			displayName: 'ML Deployment Trigger',
			polling: true,
			group: ['trigger'],
			usableAsTool: undefined,
			inputs: [],
		});
		expect(codex?.alias).toEqual(
			expect.arrayContaining(['Elasticsearch Trigger', 'Deployment Failed', 'Idle']),
		);
	});

	it('with an action for every operation', () => {
		const operation = served(NODE).properties.find(({ name }) => name === 'operation');
		const values = (operation?.options ?? []).map((option) => 'value' in option && option.value);
		expect(values).toEqual([
			'clearCache',
			'get',
			'getMany',
			'infer',
			'scale',
			'start',
			'stop',
			'update',
			'waitUntilReady',
			'__CUSTOM_API_CALL__',
		]);
	});

	it('as a tool with a description that a model reads, and a permission that only a person gives', () => {
		const { codex, properties, inputs, outputs } = served(TOOL);
		expect(codex?.subcategories).toMatchObject({ AI: ['Tools'] });
		expect({ inputs, outputs }).toEqual({ inputs: [], outputs: ['ai_tool'] });
		expect(properties.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['toolDescription', 'operation', 'deploymentId', 'options']),
		);
		const options = properties.filter(({ name }) => name === 'options');
		expect(JSON.stringify(options)).toContain('allowAgentUse');
	});

	it.each([
		['light', 'mlDeployment.svg'],
		['dark', 'mlDeployment.dark.svg'],
	] as const)('with a %s icon', async (theme, file) => {
		const icon = `${ICONS}/${file}`;
		expect(served(NODE).iconUrl).toMatchObject({ [theme]: icon });
		expect(served(TOOL).iconUrl).toMatchObject({ [theme]: icon });
		expect(served(TRIGGER).iconUrl).toMatchObject({ [theme]: icon });
		expect(await rest.http.text('GET', `/${icon}`)).toMatch(/^<svg /);
	});

	it('with the credential, that the HTTP Request node takes too', async () => {
		const credentials = await rest.nodeTypes.credentialTypes();
		const found = credentials.find(({ name }) => name === 'elasticsearchMlApi');
		expect(found).toMatchObject({
			displayName: 'Elasticsearch ML API',
			supportedNodes: [NODE, TRIGGER],
			iconUrl: { light: `${ICONS}/mlDeployment.svg`, dark: `${ICONS}/mlDeployment.dark.svg` },
		});
		expect(found).toHaveProperty('authenticate');
		const names = found?.properties.map(({ name }) => name);
		expect(names?.slice(0, 5)).toEqual(['endpoint', 'apiKey', 'readOnly', 'ca', 'ignoreSslIssues']);
	});
});
