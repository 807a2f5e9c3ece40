import { illegalArgument, unknownModels } from '../rest/errors';
import type { Call } from '../rest/call';
import type { ClusterState, Deployment, Model } from './state';

export interface Page {
	from: number;
	size: number;
}

/** A model and those of its deployments that the expression names. */
export interface Match {
	model: Model;
	deployments: Deployment[];
}

/** `from` and `size` (docs/elasticsearch-behaviour.md, "Stats: addressing and paging"). */
export function readPage(call: Call): Page {
	const page = { from: call.int('from') ?? 0, size: call.int('size') ?? 100 };
	for (const name of ['from', 'size'] as const) {
		if (page[name] < 0) throw illegalArgument(`Parameter [${name}] cannot be < 0`);
	}
	return page;
}

/**
 * Resolves ids, lists, wildcards, `_all`, aliases and (8.8+, for stats) deployment ids to models,
 * sorted by id (docs/elasticsearch-behaviour.md, "Stats: addressing and paging"). A concrete id that means nothing is always 404.
 */
export function resolve(
	state: ClusterState,
	expression: string,
	options: { allowNoMatch: boolean; deploymentIds: boolean },
): Match[] {
	const found = new Map<string, Match>();
	const missing: string[] = [];
	const add = (model: Model | undefined, deployments: Deployment[]): number => {
		if (!model) return 0;
		const match = found.get(model.model_id) ?? { model, deployments: [] };
		match.deployments = [...new Set([...match.deployments, ...deployments])];
		found.set(model.model_id, match);
		return 1;
	};
	const addModel = (id: string): number => add(state.models.get(id), state.deploymentsOf(id));

	for (const token of tokensOf(expression)) {
		const matches = matcherOf(token);
		let hits = 0;
		for (const id of state.models.keys()) if (matches(id)) hits += addModel(id);
		for (const [alias, id] of state.aliases) if (matches(alias)) hits += addModel(id);
		for (const deployment of options.deploymentIds ? state.deployments.values() : []) {
			if (matches(deployment.deployment_id)) {
				hits += add(state.models.get(deployment.model_id), [deployment]);
			}
		}
		const forgiven = options.allowNoMatch && isPattern(token);
		if (hits === 0 && !forgiven) missing.push(token);
	}
	if (missing.length > 0) throw unknownModels(missing, state.features);
	return [...found.values()]
		.map(({ model, deployments }) => ({ model, deployments: sorted(deployments) }))
		.sort((a, b) => (a.model.model_id < b.model.model_id ? -1 : 1));
}

function tokensOf(expression: string): string[] {
	const tokens = expression.split(',').map((token) => token.trim());
	const named = tokens.filter((token) => token !== '');
	return named.length > 0 ? [...new Set(named)] : ['_all'];
}

function isPattern(token: string): boolean {
	return token === '_all' || token.includes('*');
}

function matcherOf(token: string): (id: string) => boolean {
	if (token === '_all' || token === '*') return () => true;
	if (!token.includes('*')) return (id) => id === token;
	const literal = token.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
	const pattern = new RegExp(`^${literal.join('.*')}$`, 's');
	return (id) => pattern.test(id);
}

function sorted(deployments: Deployment[]): Deployment[] {
	return [...deployments].sort((a, b) => (a.deployment_id < b.deployment_id ? -1 : 1));
}
