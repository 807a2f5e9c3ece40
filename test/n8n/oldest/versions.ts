/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import path from 'node:path';

import { PROJECT } from '../places';

export interface EngineVersion {
	/** As people know it. */
	n8n: string;
	/** Has the engine in its node_modules. */
	folder: string;
	/** Has the package.json and the lockfile that the engine is installed from; absent: it is there. */
	manifest?: string;
}

/** Only the engine, not the whole of n8n; out of the way of what searches the tests. */
function old(n8n: string, core: string): EngineVersion {
	const folder = path.join(PROJECT, '.tmp', 'n8n-engines', core);
	return { n8n, folder, manifest: path.join(__dirname, core) };
}

/** The oldest that the package claims, some on the way, and the one that all other tests use. */
export const VERSIONS: EngineVersion[] = [
	old('1.88', '1.87.0'),
	old('1.121', '1.120.2'),
	old('2.0', '2.0.2'),
	{ n8n: '2.41', folder: PROJECT },
];
