/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { illegalArgument } from './errors';
import type { Exchange } from './exchange';
import type { Route } from './route';
import type { Certificates } from '../tls';

const HOST = '127.0.0.1';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const KEEP_ALIVE_MS = 72_000;
const LARGEST_BODY = 10 * 1024 ** 2;
const NGINX_404 =
	'<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** What a path stands for: a route, or the methods that it has in place of this one. */
interface RouteConfig {
	route?: Route;
	allowed?: string[];
}

async function textOf(request: http.IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
	return Buffer.concat(chunks).toString();
}

/** The listening side: routes, and a port that faults can close and open again. */
export class HttpServer {
	private readonly app: FastifyInstance;
	private server!: http.Server; // Set by the server factory that fastify calls in the constructor.
	private port = 0;
	private refusing = false;
	private ended = false;
	private reopening?: NodeJS.Timeout;

	constructor(
		private readonly basePath: string,
		private readonly tls?: Certificates,
	) {
		this.app = fastify({
			bodyLimit: LARGEST_BODY,
			exposeHeadRoutes: false,
			forceCloseConnections: true,
			routerOptions: { maxParamLength: 10_000, ignoreTrailingSlash: true },
			serverFactory: (handler) => {
				const listener: http.RequestListener = (request, response) => {
					// Connections that were open when the port closed get no answers either.
					if (this.refusing) request.socket.destroy();
					else handler(request, response);
				};
				this.server = tls
					? (https.createServer({ key: tls.key, cert: tls.cert }, listener) as http.Server)
					: http.createServer(listener);
				this.server.keepAliveTimeout = KEEP_ALIVE_MS;
				return this.server;
			},
			frameworkErrors: (error, _request, reply) => {
				const { status, body } = illegalArgument(error.message).answer(false);
				reply.hijack();
				reply.raw.writeHead(status, { 'content-type': 'application/json' });
				reply.raw.end(JSON.stringify(body));
			},
		});
		// Elasticsearch reads bodies of GET requests, and decides itself which content types it takes.
		this.app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
		this.app.removeAllContentTypeParsers();
		this.app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
			done(null, body),
		);
	}

	/** Adds the routes, and 405 for every other method of their paths. */
	mount(routes: Route[], exchange: Exchange): void {
		for (const route of routes) this.add([route.method], route.path, exchange, { route });
		for (const path of new Set(routes.map((route) => route.path))) {
			const allowed = routes.filter((route) => route.path === path).map(({ method }) => method);
			const others = METHODS.filter((method) => !allowed.some((name) => name === method));
			this.add(others, path, exchange, { allowed: [...allowed].sort() });
		}
		// A content type that fastify can't read is Elasticsearch's to refuse, in its own words.
		this.app.setErrorHandler(async (_error, request, reply) => {
			const { what = {} } = request.routeOptions.config as { what?: RouteConfig };
			await this.pass(request, reply, exchange, what, await textOf(request.raw));
		});
		this.app.setNotFoundHandler(async (request, reply) => {
			if (`${request.raw.url ?? ''}/`.startsWith(`${this.basePath}/`)) {
				await this.pass(request, reply, exchange, {});
			} else {
				await reply.code(404).header('content-type', 'text/html').send(NGINX_404);
			}
		});
	}

	async open(port: number): Promise<string> {
		await this.app.listen({ host: HOST, port });
		this.port = (this.server.address() as AddressInfo).port;
		return `${this.tls ? 'https' : 'http'}://${HOST}:${this.port}${this.basePath}`;
	}

	/** Refuses connections from now on, until `ms` of real time have passed or `reopen`. */
	refuse(ms?: number): void {
		if (this.refusing || this.ended) return;
		this.refusing = true;
		this.server.close();
		this.server.closeIdleConnections();
		if (ms !== undefined) this.reopening = setTimeout(() => this.reopen(), ms);
	}

	reopen(): void {
		clearTimeout(this.reopening);
		if (!this.refusing || this.ended) return;
		this.refusing = false;
		this.server.listen(this.port, HOST);
	}

	async close(): Promise<void> {
		clearTimeout(this.reopening);
		this.ended = true;
		this.server.closeAllConnections();
		await this.app.close();
	}

	private add(method: string[], path: string, exchange: Exchange, what: RouteConfig): void {
		const url = this.basePath + path;
		this.app.route({
			method,
			url,
			config: { what },
			handler: async (request, reply) => await this.pass(request, reply, exchange, what),
		});
	}

	private async pass(
		request: FastifyRequest,
		reply: FastifyReply,
		exchange: Exchange,
		what: RouteConfig,
		text = typeof request.body === 'string' ? request.body : '',
	): Promise<void> {
		reply.hijack();
		await exchange.handle({
			...what,
			request: request.raw,
			response: reply.raw,
			text,
			basePath: this.basePath,
			pathParams: { ...(request.params as Record<string, string>) },
		});
	}
}
