import type { Sent } from './case';

interface Bounds {
	prefix: string;
	model: string;
	readOnly: boolean;
}

const DEPLOYMENT =
	/^\/_ml\/trained_models\/([^/]+)\/(?:deployment\/(?:_update|_stop|_infer|cache\/_clear)|_infer)$/;
const START = /^\/_ml\/trained_models\/([^/]+)\/deployment\/_start$/;

/**
 * Why a request must not go to somebody's cluster; undefined where it may. A run reads, and changes only
 * deployments whose ids begin with its own prefix: no list, no wildcard and no `_all` can reach another one.
 */
export function mayBeSent({ method, path }: Sent, bounds: Bounds): string | undefined {
	const [route, query = ''] = path.split('?');
	if (method === 'GET' || method === 'HEAD' || route === '/_security/user/_has_privileges') return;
	const refusal = `${method} ${path} is not sent: the run changes nothing but its own deployments`;
	if (bounds.readOnly) return `${refusal}, and this one is read only`;
	const started = START.exec(route);
	if (started) {
		const model = decodeURIComponent(started[1]);
		const id = new URLSearchParams(query).get('deployment_id') ?? model;
		const known = model === bounds.model || model.startsWith(bounds.prefix);
		return known && isOwn(id, bounds) ? undefined : refusal;
	}
	const named = DEPLOYMENT.exec(route);
	return named && isOwn(decodeURIComponent(named[1]), bounds) ? undefined : refusal;
}

function isOwn(id: string, { prefix }: Bounds): boolean {
	return id.split(',').every((part) => part.startsWith(prefix));
}
