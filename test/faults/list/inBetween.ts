/** Answers of something in front of the cluster, or of something that is no Elasticsearch. */

import { KEY, type Fault, type Given, type Words } from './fault';

const HTML = { 'content-type': 'text/html' };
const JSON_TYPE = { 'content-type': 'application/json' };

function page(status: number, title: string, headers = {}): Given {
	const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
	return { is: 'answer', status, headers: { ...HTML, ...headers }, body };
}

/** A body with status 200. */
function ok(body: unknown, headers: Record<string, string> = JSON_TYPE): Given {
	return { is: 'answer', status: 200, headers, body };
}

function redirect(status: number, location?: string): Given {
	return { is: 'answer', status, headers: location === undefined ? {} : { location }, body: '' };
}

const FOREIGN: Words = [
	'The Cluster Endpoint answered with status 200, but not like Elasticsearch',
	'Check host, port and path',
];
const MOVED: Words = ['The Cluster Endpoint redirects', 'put it into the credential'];

function proxy(status: number): Words {
	return [
		`A proxy in front of the cluster answered with status ${status}`,
		'the request may still have reached it',
	];
}

/** A page of a proxy that shows what it was asked. */
function echo(status: number): Given {
	const body = `<html><h1>${status}</h1><pre>authorization: ApiKey ${KEY}</pre></html>`;
	return { is: 'answer', status, headers: HTML, body };
}

export const IN_BETWEEN: readonly Fault[] = [
	{
		name: "502 of a proxy that shows the request's key",
		kind: 'lost',
		given: echo(502),
		words: proxy(502),
	},
	{
		name: "404 of a proxy that shows the request's key",
		kind: 'turned away',
		given: echo(404),
		words: ['The Cluster Endpoint answered with status 404', 'Check host, port and path'],
	},
	{
		name: "a page that shows the request's key",
		kind: 'unreadable',
		given: echo(200),
		words: FOREIGN,
	},
	{
		name: '404 of a proxy',
		kind: 'turned away',
		given: page(404, '404 Not Found'),
		words: ['The Cluster Endpoint answered with status 404', 'Check host, port and path'],
	},
	{
		name: '404 of the cloud',
		kind: 'turned away',
		given: {
			is: 'answer',
			status: 404,
			headers: JSON_TYPE,
			body: { ok: false, message: 'Unknown resource.' },
		},
		words: ['The Cluster Endpoint answered with status 404', 'deleted in the cloud'],
	},
	{
		name: '408 of a proxy',
		kind: 'lost',
		given: page(408, '408 Request Time-out'),
		words: proxy(408),
	},
	{
		name: '413 of a proxy',
		kind: 'turned away',
		given: page(413, '413 Request Entity Too Large'),
		words: ['The request is longer than', 'Shorten the text'],
	},
	{
		name: '429 of a proxy',
		kind: 'throttled',
		given: page(429, '429 Too Many Requests', { 'retry-after': '3' }),
		words: ['A proxy in front of the cluster refuses more requests', 'Max Concurrency'],
	},
	{ name: '502 of a proxy', kind: 'lost', given: page(502, '502 Bad Gateway'), words: proxy(502) },
	{ name: '503 of a proxy', kind: 'lost', given: page(503, '503'), words: proxy(503) },
	{ name: '504 of a proxy', kind: 'lost', given: page(504, '504'), words: proxy(504) },
	{
		name: 'truncated JSON',
		kind: 'unreadable',
		given: ok('{"assignment":{"task_par'),
		words: FOREIGN,
	},
	{
		name: 'malformed JSON',
		kind: 'unreadable',
		given: ok("{'count': 1, trained_model_stats: []}"),
		words: FOREIGN,
	},
	{ name: 'an empty body', kind: 'unreadable', given: ok('', {}), words: FOREIGN },
	{ name: 'a login page', kind: 'unreadable', given: page(200, 'Sign in'), words: FOREIGN },
	{
		name: 'another product',
		kind: 'unreadable',
		given: ok({ name: 'n', version: { number: '2.11.0', distribution: 'opensearch' } }),
		words: FOREIGN,
	},
	{
		name: 'a redirect to a login page',
		kind: 'turned away',
		given: redirect(302, 'https://login.example.com/'),
		words: ['The Cluster Endpoint redirects to https://login.example.com/', MOVED[1]],
	},
	...[301, 303, 307, 308].map((status): Fault => ({
		name: `a redirect of status ${status}`,
		kind: 'turned away',
		given: redirect(status),
		words: MOVED,
		onlyOnWire: status === 307 ? undefined : true,
	})),
];
