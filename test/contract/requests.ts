import type { Sent } from './case';

/** The requests of the cases. A name such as `fixed` becomes an id of the run; `{model}` is its model. */

const deployment = (name: string, action: string, query = ''): string =>
	`/_ml/trained_models/${placeholder(name)}/deployment/${action}${query}`;

/** A plain word is a name of the run; what has braces or other signs stands as it is. */
function placeholder(name: string): string {
	return /^[a-z][a-z0-9-]*$/.test(name) ? `{${name}}` : name;
}

export const get = (path: string): Sent => ({ method: 'GET', path });
export const post = (path: string, body?: unknown): Sent => ({ method: 'POST', path, body });

export const update = (name: string, body?: unknown, query = ''): Sent =>
	post(deployment(name, '_update', query), body);
export const stop = (name: string, query = '', body?: unknown): Sent =>
	post(deployment(name, '_stop', query), body);
/** `_start` of the run's model as a deployment of this name (8.8 and later). */
export const start = (name: string, query = '', body?: unknown): Sent =>
	post(
		`/_ml/trained_models/{model}/deployment/_start?deployment_id={${name}}${query && `&${query}`}`,
		body,
	);
/** `_start` by a model's id alone. */
export const startModel = (name: string, query = '', body?: unknown): Sent =>
	post(deployment(name, '_start', query), body);
export const stats = (name: string, query = ''): Sent =>
	get(`/_ml/trained_models/${placeholder(name)}/_stats${query}`);
export const models = (name: string, query = ''): Sent =>
	get(`/_ml/trained_models/${placeholder(name)}${query}`);
export const infer = (name: string, query = ''): Sent =>
	post(`/_ml/trained_models/${placeholder(name)}/_infer${query}`, {
		docs: [{ text_field: 'a few words' }],
	});
export const clearCache = (name: string): Sent => post(deployment(name, 'cache/_clear'));
export const inference = (path = ''): Sent => get(`/_inference${path}`);
