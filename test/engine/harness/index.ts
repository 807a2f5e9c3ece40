/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
// Comes first: n8n-core reads the environment while it is imported.
import { userFolder } from './environment';

import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import { rmSync } from 'node:fs';
import path from 'node:path';

import { activate } from './activation';
import { testCredential } from './credentialTest';
import { listSearch } from './listSearch';
import { captureLogs } from './logs';
import { NodePackages } from './packages';
import { searchData } from './searchData';
import type { Engine } from './types';
import { runNode, runWorkflow } from './workflow';

export type * from './types';

const PROJECT_FOLDER = path.resolve(__dirname, '../../..');

/** What `loadEngine` may be told. */
export interface EngineOptions {
	/** A built package other than this project, e.g. the unpacked tarball. */
	packageFolder?: string;
}

const engines = new Map<string, Promise<Engine>>();

async function createEngine(packageFolder: string): Promise<Engine> {
	const logs = captureLogs();
	// Writes its file once and keeps the rest in memory, so the folder need not outlive it.
	Container.get(InstanceSettings);
	rmSync(userFolder, { recursive: true, force: true });

	const packages = await NodePackages.load(packageFolder);
	return {
		runNode: (options) => runNode(packages, options),
		runWorkflow: (options) => runWorkflow(packages, options),
		testCredential: async (type, data) => await testCredential(packages, type, data),
		listSearch: async (method, options = {}) => await listSearch(packages, method, options),
		activate: async (options) => await activate(packages, options),
		nodeTypes: packages,
		description: (nodeType, version) => packages.description(nodeType, version),
		searchData: () => searchData(packages),
		logs,
	};
}

/** Loads n8n's engine and the built package, once per process and package. */
export async function loadEngine({
	packageFolder = PROJECT_FOLDER,
}: EngineOptions = {}): Promise<Engine> {
	const engine = engines.get(packageFolder) ?? createEngine(packageFolder);
	engines.set(packageFolder, engine);
	return await engine;
}
