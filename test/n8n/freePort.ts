/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type AddressInfo } from 'node:net';

/** The port that was got; undefined where somebody has it. */
async function got(port: number, host?: string): Promise<number | undefined> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', ({ code }: NodeJS.ErrnoException) =>
			// A machine without IPv6 has nobody there.
			resolve(code === 'EADDRINUSE' || code === 'EACCES' ? undefined : port),
		);
		server.listen(port, host, () => {
			const address = server.address() as AddressInfo;
			server.close(() => resolve(address.port));
		});
	});
}

/** The port, or where it is taken the next free one; 0 is any. */
export async function freePort(wanted = 0): Promise<number> {
	const port = (await got(wanted, '127.0.0.1')) ?? 0;
	// A browser that is sent to localhost may ask ::1 first, and somebody else could be there.
	if (port > 0 && (await got(port, '::1')) && (await got(port))) return port;
	return await freePort(wanted === 0 ? 0 : wanted + 1);
}
