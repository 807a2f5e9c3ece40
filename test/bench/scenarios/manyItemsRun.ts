/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { loadEngine, type Engine } from '../../engine/harness';
import { idOf, type Access } from '../cluster/orders';
import { ours } from '../contenders/steps';
import { expectCount, runSteps } from '../flow';

/** A process of its own: see manyItems.ts. */

export interface ManyRequest {
	access: Access;
	items: number;
}

export interface ManyResult {
	wallMs: number;
	cpuMs: number;
	/** Most that was in use at the same time, beyond what was before; items and outputs count. */
	heapBytes: number;
}

const LOOK_MS = 500;

/** What is really in use: what nobody needs any more is collected first. */
function heapInUse(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}

async function run(engine: Engine, access: Access, items: number): Promise<void> {
	const step = ours('update', {
		deploymentId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
		numberOfAllocations: 1,
		options: { maxConcurrency: 10 },
	});
	const given = Array.from({ length: items }, (_, place) => ({ id: idOf(place) }));
	const result = await runSteps(engine, access, [step], given);
	expectCount('items', result.items.length, items);
}

async function measured({ access, items }: ManyRequest): Promise<ManyResult> {
	const engine = await loadEngine();
	// Code is loaded and compiled by now.
	await run(engine, access, 100);
	const before = heapInUse();
	let most = before;
	const looks = setInterval(() => (most = Math.max(most, heapInUse())), LOOK_MS);
	const cpu = process.cpuUsage();
	const start = performance.now();
	await run(engine, access, items);
	const wallMs = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	clearInterval(looks);
	return { wallMs, cpuMs: (user + system) / 1000, heapBytes: most - before };
}

process.once('message', (request: ManyRequest) => {
	measured(request).then(
		(result) => process.send?.(result, () => process.exit(0)),
		(error: unknown) => {
			process.stderr.write(`${String(error)}\n`);
			process.exit(1);
		},
	);
});
