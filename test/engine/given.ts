/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { inspect } from 'node:util';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EmbeddedCluster, LoggedRequest } from '../cluster';
import { credentialFor, endClusters, expectNoKey } from '../given';
import {
	loadEngine,
	type Activation,
	type Engine,
	type NodeRunOptions,
	type RunResult,
} from './harness';

export {
	beginCluster as givenCluster,
	CHANGE_KEYS,
	credentialFor,
	keyWith,
	settingsOf,
	writes,
} from '../given';

const written: string[] = [];
let engine: Engine;

beforeAll(async () => {
	engine = await loadEngine();
});

const activations = new Set<Activation>();

afterEach(async () => {
	for (const activation of activations) {
		await activation.deactivate();
		remember([activation.emitted, activation.errors]);
	}
	activations.clear();
	await endClusters();
});

afterAll(() => {
	expectNoKey([...written, ...engine.logs].join('\n'));
});

export function byId(id: unknown): IDataObject {
	return { __rl: true, mode: 'id', value: id as string };
}

/** Parameters of an operation, as the editor saves them. */
export function parameters(operation: string, fields: IDataObject = {}): INodeParameters {
	return { resource: 'deployment', operation, ...fields } as INodeParameters;
}

export function update(id: unknown, fields: IDataObject = {}): INodeParameters {
	return parameters('update', { deploymentId: byId(id), ...fields });
}

export function stop(
	id: unknown,
	options: IDataObject = {},
	fields: IDataObject = {},
): INodeParameters {
	return parameters('stop', { deploymentId: byId(id), options, ...fields });
}

export function stopPattern(
	pattern: unknown,
	options: IDataObject = {},
	fields: IDataObject = {},
): INodeParameters {
	return parameters('stop', { target: 'pattern', pattern, options, ...fields } as IDataObject);
}

/** Runs the node against a cluster; what comes out is checked for keys at the end. */
export async function run(
	cluster: EmbeddedCluster,
	nodeParameters: INodeParameters,
	other: Partial<NodeRunOptions> = {},
): Promise<RunResult> {
	const credentials = other.credentials ?? credentialFor(cluster);
	const result = await engine.runNode({ parameters: nodeParameters, ...other, credentials });
	remember(result.raw);
	return result;
}

/** The engine itself, for what is no plain run; its answers are checked for keys too. */
export function theEngine(): Engine {
	return {
		...engine,
		testCredential: async (...given) => remember(await engine.testCredential(...given)),
		activate: async (...given) => {
			const activation = await engine.activate(...given);
			activations.add(activation);
			return activation;
		},
		listSearch: async (...given) => remember(await engine.listSearch(...given)),
	};
}

function remember<T>(answer: T): T {
	written.push(inspect(answer, { depth: 30, maxStringLength: null }));
	return answer;
}

/** What a person or a workflow gets to see of an error. */
export function seen(result: RunResult): { message: string; description: string } {
	const { message = '', description } = result.error ?? {};
	return { message, description: description ?? '' };
}

/** Something happens in the cluster just before it answers a look. */
export function beforeLook(
	cluster: EmbeddedCluster,
	path: string | RegExp,
	look: number,
	effect: () => void | Promise<void>,
): void {
	cluster.fault({ kind: 'effect', path, skip: look - 1, effect });
}

/** Each look at the cluster comes 10 seconds after the last one: enough for its scaler to act. */
export function letTimePass(cluster: EmbeddedCluster): void {
	const effect = async () => await cluster.advance(10_000);
	cluster.fault({ kind: 'effect', path: '_stats', times: Infinity, effect });
}

/** `POST /path?query` of each. */
export function lines(requests: readonly LoggedRequest[]): string[] {
	return requests.map(({ method, path, query }) => {
		const search = new URLSearchParams(query).toString();
		return `${method} ${path}${search === '' ? '' : `?${search}`}`;
	});
}
