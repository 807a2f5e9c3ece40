import {
	type ICredentialDataDecryptedObject,
	type ICredentials,
	ICredentialsHelper,
	type ICredentialsExpressionResolveValues,
	type IExecuteData,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { resolveAlone, resolveInRun, resolveText } from './expressions';
import type { NodePackages } from './packages';

/** What n8n's server does with stored credentials, on data that the test hands over. */
export class EngineCredentials extends ICredentialsHelper {
	constructor(
		private readonly packages: NodePackages,
		private readonly dataByType: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
	}

	has(type: string): boolean {
		return type in this.dataByType;
	}

	getParentTypes(name: string): string[] {
		return this.packages.parentTypes(name);
	}

	isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
		if (!this.packages.credentialType(credentialType).restrictToSupportedNodes) return true;
		return this.packages
			.supportedNodes(credentialType)
			.some((supported) => nodeType === supported || nodeType === `${supported}Tool`);
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		const { extends: parents = [], properties } = this.packages.credentialType(type);
		const all: INodeProperties[] = [];
		for (const parent of parents) {
			NodeHelpers.mergeNodeProperties(all, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(all, properties);
		return all;
	}

	/** Fields that were not saved get their defaults; hidden ones are dropped. */
	withDefaults(type: string, data: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject {
		const properties = this.getCredentialsProperties(type);
		const complete = NodeHelpers.getNodeParameters(
			properties,
			data as INodeParameters,
			true,
			false,
			null,
			null,
		);
		return complete as ICredentialDataDecryptedObject;
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		run?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		if (!this.has(type)) throw new Error(`This run was given no credentials of type "${type}"`);
		const stored = structuredClone(this.dataByType[type]);
		if (raw) return stored;
		const data = this.withDefaults(type, stored);
		return run
			? resolveInRun(data, run, additionalData, mode, executeData)
			: resolveAlone(data, additionalData, mode);
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.packages.credentialType(typeName);
		if (typeof authenticate === 'function') {
			return await authenticate(credentials, requestOptions);
		}
		if (!authenticate) return requestOptions;
		if (!workflow || !node) throw new Error('Templates of a credential need a workflow and a node');

		const request = requestOptions as unknown as Record<string, Record<string, string>>;
		request.headers ??= {};
		const resolve = (text: string) => resolveText(text, credentials, workflow, node);
		for (const [part, templates] of Object.entries(authenticate.properties)) {
			for (const [key, value] of Object.entries(templates as Record<string, string>)) {
				request[part] ??= {};
				request[part][resolve(key)] = resolve(value);
			}
		}
		return requestOptions;
	}

	/** No credential in these tests holds a token that expires, so there is nothing to renew. */
	async preAuthentication(): Promise<undefined> {}

	async runPreAuthentication(): Promise<undefined> {}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('Nothing is stored: the run was given its credentials');
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}
}
