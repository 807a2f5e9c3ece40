import { getAdditionalKeys } from 'n8n-core';
import {
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type IExecuteData,
	type INode,
	type INodeParameters,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
	isExpression,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { onlyType } from './onlyType';

const NOWHERE: INode = {
	id: 'credential',
	name: 'Credential',
	type: 'credential',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

function credentialKeys(additionalData: IWorkflowExecuteAdditionalData, mode: WorkflowExecuteMode) {
	return getAdditionalKeys(additionalData, mode, null, { isCredential: true });
}

/** Resolves the expressions in a credential for the item that a node works on. */
export function resolveInRun(
	data: ICredentialDataDecryptedObject,
	run: ICredentialsExpressionResolveValues,
	additionalData: IWorkflowExecuteAdditionalData,
	mode: WorkflowExecuteMode,
	executeData?: IExecuteData,
): ICredentialDataDecryptedObject {
	return run.workflow.expression.getParameterValue(
		data as INodeParameters,
		run.runExecutionData,
		run.runIndex,
		run.itemIndex,
		run.node.name,
		run.connectionInputData,
		mode,
		credentialKeys(additionalData, mode),
		executeData,
		false,
		data,
	) as ICredentialDataDecryptedObject;
}

/** Resolves the expressions in a credential where nothing runs: its test, a picker's list. */
export function resolveAlone(
	data: ICredentialDataDecryptedObject,
	additionalData: IWorkflowExecuteAdditionalData,
	mode: WorkflowExecuteMode,
): ICredentialDataDecryptedObject {
	const workflow = new Workflow({
		nodes: [{ ...NOWHERE }],
		connections: {},
		active: false,
		nodeTypes: onlyType({ description: { properties: [] } }),
	});
	return workflow.expression.getComplexParameterValue(
		NOWHERE,
		data as INodeParameters,
		mode,
		credentialKeys(additionalData, mode),
		undefined,
		undefined,
		data,
	) as ICredentialDataDecryptedObject;
}

/** Resolves one template of a credential's `authenticate`. */
export function resolveText(
	text: string,
	credentials: ICredentialDataDecryptedObject,
	workflow: Workflow,
	node: INode,
): string {
	if (!isExpression(text)) return text;
	const value = workflow.expression.getSimpleParameterValue(
		node,
		text,
		'internal',
		{ $credentials: credentials },
		undefined,
		'',
	);
	return value ? String(value) : '';
}

/** The words that the editor shows below a node's name: it evaluates them apart from any run. */
export function resolveSubtitle(type: INodeType, parameters: INodeParameters): unknown {
	const node = { ...NOWHERE, name: 'Node', parameters };
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: onlyType(type),
	});
	const { subtitle } = type.description;
	return workflow.expression.getSimpleParameterValue(node, subtitle, 'internal', {});
}
