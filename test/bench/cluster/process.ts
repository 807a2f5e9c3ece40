/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { fork } from 'node:child_process';
import path from 'node:path';

import type { Answered, Orders, Sent } from './orders';

/** The embedded cluster in a process of its own, so that its work is not taken for the client's. */
export interface ClusterProcess extends Orders {
	/** Ends the process. */
	end(): Promise<void>;
}

interface Open {
	resolve(value: unknown): void;
	reject(error: Error): void;
}

/** Starts the process; there is no cluster in it before `open`. */
export function startClusterProcess(): ClusterProcess {
	const child = fork(path.join(__dirname, 'serve.ts'), {
		execArgv: ['--import', 'tsx'],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	const open = new Map<number, Open>();
	let sent = 0;
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	void ended.then(() => {
		for (const { reject } of open.values()) reject(new Error("the cluster's process has ended"));
	});
	child.on('message', ({ number, value, error }: Answered) => {
		const waiting = open.get(number);
		open.delete(number);
		if (error === undefined) waiting?.resolve(value);
		else waiting?.reject(new Error(error));
	});
	async function order<N extends keyof Orders>(
		name: N,
		...given: Parameters<Orders[N]>
	): Promise<Awaited<ReturnType<Orders[N]>>> {
		const number = sent++;
		const value = await new Promise((resolve, reject) => {
			open.set(number, { resolve, reject });
			child.send({ number, name, given } satisfies Sent);
		});
		return value as Awaited<ReturnType<Orders[N]>>;
	}
	return {
		open: async (settings) => await order('open', settings),
		fill: async (count) => await order('fill', count),
		startAtLook: async (look) => await order('startAtLook', look),
		take: async () => await order('take'),
		close: async () => await order('close'),
		end: async () => {
			if (child.connected) child.disconnect();
			await ended;
		},
	};
}
