/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { LazyPackageDirectoryLoader, PackageDirectoryLoader } from 'n8n-core';
import {
	type ICredentialType,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
	type IVersionedNodeType,
	NodeHelpers,
} from 'n8n-workflow';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { addCustomApiCall, addDomainFields } from './injected';
import { toolVariant } from './tool';

/** Knows n8n's own nodes and credentials by name and loads one only when it is asked for. */
class BaseNodesLoader extends LazyPackageDirectoryLoader {
	override async loadAll(): Promise<void> {
		// Leaves out the 9 MB of descriptions, which only the editor reads.
		this.known.nodes = await this.readJSON('dist/known/nodes.json');
		this.known.credentials = await this.readJSON('dist/known/credentials.json');
		this.isLazyLoaded = true;
	}
}

function loadersOf(packageFolder: string): PackageDirectoryLoader[] {
	const base = path.dirname(require.resolve('n8n-nodes-base/package.json'));
	if (!existsSync(path.join(packageFolder, 'dist'))) {
		throw new Error(`${packageFolder} is not built: run "npm run build" first`);
	}
	return [new PackageDirectoryLoader(packageFolder), new BaseNodesLoader(base)];
}

/** The nodes and credentials of the package under test and of n8n itself. */
export class NodePackages implements INodeTypes {
	private readonly tools = new Map<string, INodeType>();

	private constructor(
		private readonly own: PackageDirectoryLoader,
		private readonly loaders: PackageDirectoryLoader[],
	) {}

	/** Loads the package as n8n does at start-up. */
	static async load(packageFolder: string): Promise<NodePackages> {
		const loaders = loadersOf(packageFolder);
		await Promise.all(loaders.map(async (loader) => await loader.loadAll()));
		const [own] = loaders;
		Object.values(own.credentialTypes).forEach(({ type }) => addDomainFields(type));
		own.types.nodes.forEach((description) => addCustomApiCall(description, own.types.credentials));
		return new NodePackages(own, loaders);
	}

	/** Full names of the nodes of the package under test. */
	get ownNodes(): string[] {
		return Object.keys(this.own.known.nodes).map((name) => `${this.own.packageName}.${name}`);
	}

	/** Whether a node type, or the node that it is the tool variant of, is installed. */
	recognizes(nodeType: string): boolean {
		return this.isKnown(nodeType) || this.isKnown(nodeType.replace(/Tool$/, ''));
	}

	getByName(nodeType: string): INodeType | IVersionedNodeType {
		const [packageName, name] = nodeType.split('.');
		const loader = this.loaders.find((candidate) => candidate.packageName === packageName);
		if (!loader) throw new Error(`No package "${packageName}" for the node "${nodeType}"`);
		return loader.getNode(name).type;
	}

	getByNameAndVersion(nodeType: string, version?: number): INodeType {
		if (nodeType.endsWith('Tool') && !this.isKnown(nodeType)) return this.tool(nodeType, version);
		return NodeHelpers.getVersionedNodeType(this.getByName(nodeType), version);
	}

	getKnownTypes() {
		return Object.fromEntries(
			this.loaders.flatMap(({ packageName, known }) =>
				Object.entries(known.nodes).map(([name, details]) => [
					`${packageName}.${name}`,
					{ ...details },
				]),
			),
		);
	}

	/** The description under its full name. */
	description(nodeType: string, version?: number): INodeTypeDescription {
		return { ...this.getByNameAndVersion(nodeType, version).description, name: nodeType };
	}

	credentialType(name: string): ICredentialType {
		return this.credentialLoader(name).getCredential(name).type;
	}

	/** Credential types that the given one extends, and those that these extend. */
	parentTypes(name: string): string[] {
		const parents = this.credentialLoader(name).known.credentials[name].extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.parentTypes(parent)]);
	}

	/** Full names of the nodes that ask for a credential type, without their tool variants. */
	supportedNodes(credentialType: string): string[] {
		const { packageName, known } = this.credentialLoader(credentialType);
		const { supportedNodes = [] } = known.credentials[credentialType];
		return supportedNodes.map((name) => `${packageName}.${name}`);
	}

	private isKnown(nodeType: string): boolean {
		const [packageName, name] = nodeType.split('.');
		return this.loaders.some(
			(loader) => loader.packageName === packageName && name in loader.known.nodes,
		);
	}

	private credentialLoader(name: string): PackageDirectoryLoader {
		const loader = this.loaders.find((candidate) => name in candidate.known.credentials);
		if (!loader) throw new Error(`No package has the credential type "${name}"`);
		return loader;
	}

	private tool(nodeType: string, version?: number): INodeType {
		const key = `${nodeType}@${version ?? 'default'}`;
		const base = nodeType.slice(0, -'Tool'.length);
		const tool = this.tools.get(key) ?? toolVariant(this.getByNameAndVersion(base, version));
		this.tools.set(key, tool);
		return tool;
	}
}
