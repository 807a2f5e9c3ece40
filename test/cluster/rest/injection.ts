/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { IncomingMessage } from 'node:http';

import type { InjectedAnswer, InjectedRequest } from '../types';
import type { Exchange } from './exchange';
import type { Route } from './route';

/** Answers requests that come over no wire, for tests that drive the time. */
export class Injection {
	private readonly patterns: Array<{ route: Route; parts: string[] }>;

	constructor(
		routes: readonly Route[],
		private readonly exchange: Exchange,
	) {
		this.patterns = routes.map((route) => ({ route, parts: route.path.split('/') }));
	}

	async answer({ method, path, query, headers, text }: InjectedRequest): Promise<InjectedAnswer> {
		const found = this.find(method, path.split('/'));
		if (found === undefined) throw new Error(`the cluster has no ${method} ${path}`);
		const { status, body } = await this.exchange.answerTo({
			request: { method, url: urlOf(path, query), headers } as unknown as IncomingMessage,
			text,
			basePath: '',
			...found,
		});
		return { status, body: JSON.parse(JSON.stringify(body)) as unknown };
	}

	/** As the router does, a path of plain words comes before one with parameters. */
	private find(
		method: string,
		asked: string[],
	): { route: Route; pathParams: Record<string, string> } | undefined {
		const found = this.patterns
			.filter(({ route, parts }) => route.method === method && fits(parts, asked))
			.sort((one, other) => parametersIn(one.parts) - parametersIn(other.parts))[0];
		if (found === undefined) return undefined;
		const values = found.parts.flatMap((part, place): Array<[string, string]> =>
			part.startsWith(':') ? [[part.slice(1), decodeURIComponent(asked[place])]] : [],
		);
		return { route: found.route, pathParams: Object.fromEntries(values) };
	}
}

function fits(parts: string[], asked: string[]): boolean {
	return (
		parts.length === asked.length &&
		parts.every((part, place) => part.startsWith(':') || part === asked[place])
	);
}

function parametersIn(parts: string[]): number {
	return parts.filter((part) => part.startsWith(':')).length;
}

function urlOf(path: string, query: Record<string, string>): string {
	const search = new URLSearchParams(query).toString();
	return search === '' ? path : `${path}?${search}`;
}
