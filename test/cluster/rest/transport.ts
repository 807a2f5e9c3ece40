/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import type { ServerResponse } from 'node:http';
import type { Call } from './call';
import type { Answer } from './errors';
import { answerType } from './mediaType';
import { filterPath } from './filterPath';
import type { FaultRule } from '../types';

/** Writes an answer as Elasticsearch does. @returns the length of its body */
export function send(response: ServerResponse, answer: Answer, call: Call): number {
	const accept = headerOf(call, 'accept');
	const opaqueId = headerOf(call, 'x-opaque-id');
	const text = print(filterPath(answer.body, call.query.filter_path), call);
	response.writeHead(answer.status, {
		'X-elastic-product': 'Elasticsearch',
		...(opaqueId !== undefined && { 'X-Opaque-Id': opaqueId }),
		...answer.headers,
		'content-type': answerType(accept),
		'content-length': Buffer.byteLength(text),
	});
	response.end(call.method === 'HEAD' ? undefined : text);
	return Buffer.byteLength(text);
}

function print(body: unknown, call: Call): string {
	const { pretty } = call.query;
	if (pretty === '' || pretty === 'true') return `${JSON.stringify(body, null, 2)}\n`;
	return JSON.stringify(body);
}

function headerOf(call: Call, name: string): string | undefined {
	const value = call.headers[name];
	return Array.isArray(value) ? value[0] : value;
}

/** Drops the connection without an answer. */
export function breakOff(response: ServerResponse): void {
	response.socket?.destroy();
	response.destroy();
}

/** Plays a scripted end; returns the status that the log shows, 0 where there was no answer. */
export function sendFault(response: ServerResponse, rule: FaultRule, call: Call): number {
	switch (rule.kind) {
		case 'hang':
			return 0;
		case 'reset':
			breakOff(response);
			return 0;
		case 'drip':
			drip(response, rule.everyMs ?? 100);
			return 0;
		case 'garbage':
			sendGarbage(response, rule.as);
			return 0;
		case 'status':
			return sendStatus(response, rule.status, rule.body, rule.headers ?? {}, call);
		case 'malformed': {
			const text = rule.body ?? '{"assignment":{"task_parameters":{"model_id":';
			return raw(response, rule.status ?? 200, text, { 'content-type': 'application/json' });
		}
		case 'redirect':
			return raw(response, rule.status ?? 302, '', { location: rule.location });
		case 'html':
			return raw(response, rule.status ?? 200, rule.body ?? PAGE, { 'content-type': 'text/html' });
		case 'empty':
			return raw(response, rule.status ?? 200, '', {});
		default:
			return 0;
	}
}

/** Blanks, which may stand before any JSON. */
function drip(response: ServerResponse, everyMs: number): void {
	response.writeHead(200, { 'content-type': 'application/json' });
	response.write(' ');
	const timer = setInterval(() => response.write(' '), everyMs).unref();
	response.once('close', () => clearInterval(timer));
}

function sendGarbage(response: ServerResponse, as: 'bytes' | 'gzip'): void {
	const text = '{"this":"is not what it seems"}';
	if (as === 'bytes') response.socket?.end(`${text}\r\n\r\n`);
	else raw(response, 200, text, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
}

const PAGE = '<html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n';

/** An object comes from Elasticsearch itself, a string from something in front of it. */
function sendStatus(
	response: ServerResponse,
	status: number,
	body: object | string | undefined,
	headers: Record<string, string>,
	call: Call,
): number {
	if (typeof body === 'object') {
		send(response, { status, body, headers }, call);
		return status;
	}
	const text = body ?? '';
	const type = /^\s*</.test(text) ? 'text/html' : 'text/plain';
	return raw(response, status, text, { 'content-type': type, ...headers });
}

function raw(
	response: ServerResponse,
	status: number,
	text: string,
	headers: Record<string, string>,
): number {
	response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
	response.end(text);
	return status;
}
