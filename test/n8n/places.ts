/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import path from 'node:path';

/** Where things are. All that is made here and kept lies under `.tmp` or `node_modules`: git ignores both. */
export const PROJECT = path.resolve(__dirname, '../..');
export const HOST_PACKAGE = __dirname;
export const MODULES = path.join(HOST_PACKAGE, 'node_modules');
/** Node 24, which n8n asks for, whatever Node runs the tests. */
export const NODE = path.join(MODULES, 'node', 'bin', 'node');
export const N8N = path.join(MODULES, 'n8n', 'bin', 'n8n');
/** The packed project. */
export const PACKED = path.join(PROJECT, '.tmp', 'n8n-package');
/** What `npm start` keeps from one time to the next. */
export const START_FOLDER = path.join(PROJECT, '.tmp', 'n8n-start');

/** A PATH on which `node` is Node 24. */
export function pathWithNode24(): string {
	return [path.dirname(NODE), process.env.PATH ?? ''].join(path.delimiter);
}
