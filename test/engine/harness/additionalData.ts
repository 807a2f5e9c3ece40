import { ExternalSecretsProxy } from 'n8n-core';
import type {
	ICredentialsHelper,
	INodeParameters,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

const INSTANCE = 'http://localhost:5678/';

function refuse(what: string): () => never {
	return () => {
		throw new Error(`The engine harness cannot ${what}: give the node a stub`);
	};
}

/** What the server around the engine provides, as far as there is one. */
export function additionalDataFor(
	credentialsHelper: ICredentialsHelper,
	extra: {
		executionId?: string;
		workflowId?: string;
		currentNodeParameters?: INodeParameters;
	} = {},
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
		instanceBaseUrl: INSTANCE,
		restApiUrl: `${INSTANCE}rest`,
		// Each has to be an absolute URL: without one every expression fails with "Invalid URL".
		formBaseUrl: `${INSTANCE}form`,
		formWaitingBaseUrl: `${INSTANCE}form-waiting`,
		formTestBaseUrl: `${INSTANCE}form-test`,
		webhookBaseUrl: `${INSTANCE}webhook`,
		webhookWaitingBaseUrl: `${INSTANCE}webhook-waiting`,
		webhookTestBaseUrl: `${INSTANCE}webhook-test`,
		mcpBaseUrl: `${INSTANCE}mcp`,
		mcpTestBaseUrl: `${INSTANCE}mcp-test`,
		logAiEvent: () => {},
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: refuse('run a sub-workflow'),
		startRunnerTask: refuse('run code'),
		...extra,
	};
}
