/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Container } from '@n8n/di';
import { ErrorReporter, ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type INode,
	type INodeCredentialTestResult,
	type INodeType,
	Workflow,
} from 'n8n-workflow';

import { additionalDataFor } from './additionalData';
import { EngineCredentials } from './credentials';
import { failedTest, passedTest } from './credentialTestRules';
import { resolveAlone } from './expressions';
import { onlyType } from './onlyType';
import type { NodePackages } from './packages';

const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

/** The node that does nothing, with the test request of a credential as its only field. */
function testNodeType(
	packages: NodePackages,
	type: string,
	test: ICredentialTestRequest,
): INodeType {
	return {
		description: {
			...packages.getByNameAndVersion('n8n-nodes-base.noOp').description,
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					routing: { request: test.request },
					default: '',
				},
			],
		},
	};
}

function testContext(nodeType: INodeType, credentials: EngineCredentials, type: string) {
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: nodeType.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type]: { id: 'test', name: 'test' } },
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: onlyType(nodeType),
	});
	return new ExecuteContext(
		workflow,
		node,
		additionalDataFor(credentials),
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
}

/** What the editor says after a credential was saved: n8n's declarative test, by its own means. */
export async function testCredential(
	packages: NodePackages,
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { test } = packages.credentialType(type);
	if (!test) return failed('No testing function found for this credential.');

	const credentials = new EngineCredentials(packages, { [type]: data });
	try {
		const nodeType = testNodeType(packages, type, test);
		const context = testContext(nodeType, credentials, type);
		const decrypted = resolveAlone(
			credentials.withDefaults(type, structuredClone(data)),
			context.additionalData,
			'internal',
		);
		const routing = new RoutingNode(context, nodeType, {
			id: 'test',
			name: 'test',
			type,
			data: decrypted,
		});
		const output = await routing.runNode();
		return passedTest(output?.[0]?.[0]?.json, test.rules);
	} catch (error) {
		// As n8n does, so that a secret in an error would show in the captured log.
		Container.get(ErrorReporter).error(error);
		return failedTest(error, test.rules);
	}
}
