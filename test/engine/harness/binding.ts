import type { ICredentialDataDecryptedObject, INode, INodeType } from 'n8n-workflow';

import type { EngineCredentials } from './credentials';

/** Files data under the credential type that a node asks for. */
export function credentialsOf(
	{ description: { name, credentials } }: INodeType,
	data?: ICredentialDataDecryptedObject,
): Record<string, ICredentialDataDecryptedObject> {
	if (!data) return {};
	if (!credentials?.length) throw new Error(`The node "${name}" asks for no credentials`);
	return { [credentials[0].name]: data };
}

/** Gives a node all the credentials it can use, as a user would pick them in the editor. */
export function bindCredentials(
	node: INode,
	type: INodeType,
	credentials: EngineCredentials,
): void {
	const usable = (type.description.credentials ?? []).map(({ name }) => name);
	// The HTTP Request node names a credential type of another node in a field of its own.
	const { nodeCredentialType } = node.parameters;
	if (typeof nodeCredentialType === 'string') usable.push(nodeCredentialType);
	for (const name of usable.filter((candidate) => credentials.has(candidate))) {
		node.credentials = { ...node.credentials, [name]: { id: name, name } };
	}
}
