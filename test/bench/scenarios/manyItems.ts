/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { fork } from 'node:child_process';
import path from 'node:path';

import type { Bench } from '../bench';
import type { ManyRequest, ManyResult } from './manyItemsRun';

/** One update of so many items in a fresh process. */
export interface ManyItems extends ManyResult {
	items: number;
}

/** Runs in a process of its own, so that no other run's memory is counted. */
async function inFreshProcess(request: ManyRequest): Promise<ManyResult> {
	const child = fork(path.join(__dirname, 'manyItemsRun.ts'), {
		execArgv: ['--expose-gc', '--import', 'tsx'],
	});
	return await new Promise((resolve, reject) => {
		child.once('message', (result) => resolve(result as ManyResult));
		child.once('exit', (code) => reject(new Error(`The run of many items ended with ${code}`)));
		child.send(request);
	});
}

/** The cluster speaks plain HTTP here: TLS takes ten thousand times the same, and says nothing new. */
export async function manyItems({ cluster, options, progress }: Bench): Promise<ManyItems[]> {
	const all: ManyItems[] = [];
	for (const items of options.quick ? [200, 1_000] : [1_000, 5_000, 10_000]) {
		progress(`update of ${items} in a fresh process`);
		const access = await cluster.open({ tls: false, latencyMs: 0 });
		await cluster.fill(items);
		all.push({ items, ...(await inFreshProcess({ access, items })) });
	}
	return all;
}
