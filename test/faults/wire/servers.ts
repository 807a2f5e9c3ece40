/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import { echoed } from '../list/fault';

/** Servers of this test file, to be closed at its end. */
const open = new Map<Server, Set<Socket>>();

async function listen(server: Server): Promise<number> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket) => sockets.add(socket));
	open.set(server, sockets);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

export async function closeServers(): Promise<void> {
	for (const [server, sockets] of open) {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	}
	open.clear();
}

/** A server that answers each request so. @returns its origin */
export async function answering(
	status: number,
	headers: Record<string, string>,
	body: string | Buffer,
): Promise<string> {
	const server = http.createServer((request, response) => {
		const key = String(request.headers.authorization).replace('ApiKey ', '');
		request.resume();
		response.writeHead(status, headers);
		response.end(echoed(body, key));
	});
	return `http://127.0.0.1:${await listen(server)}`;
}

/** A server of raw TCP, which does so with a connection on which a request came in. */
export async function raw(whenAsked: (socket: Socket) => void): Promise<string> {
	const server = net.createServer((socket) => {
		socket.on('error', () => undefined);
		socket.once('data', () => whenAsked(socket));
	});
	return `http://127.0.0.1:${await listen(server)}`;
}

/** A server with this certificate, whose answers are good. */
export async function withTls(
	certificate: { key: string; cert: string },
	host = '127.0.0.1',
): Promise<string> {
	const server = https.createServer(certificate, (request, response) => {
		request.resume();
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end('{"count":0,"trained_model_stats":[]}');
	});
	return `https://${host}:${await listen(server as unknown as Server)}`;
}

/** A port at which nothing listens. */
export async function closedPort(): Promise<string> {
	const server = net.createServer();
	const port = await listen(server);
	await new Promise((resolve) => server.close(resolve));
	open.delete(server);
	return `http://127.0.0.1:${port}`;
}

export function zipped(text: string): Buffer {
	return gzipSync(text);
}

/** A server whose answer begins, and goes on byte by byte. */
export async function dripping(): Promise<string> {
	const server = http.createServer((request, response) => {
		request.resume();
		response.writeHead(200, { 'content-type': 'application/json' });
		const timer = setInterval(() => response.write(' '), 50);
		response.once('close', () => clearInterval(timer));
	});
	return `http://127.0.0.1:${await listen(server)}`;
}
