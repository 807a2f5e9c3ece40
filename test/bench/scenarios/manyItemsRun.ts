/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { loadEngine, type Engine, type RunResult } from '../../engine/harness';
import { idOf, type Access } from '../cluster/orders';
import { ours } from '../contenders/steps';
import { expectCount, runSteps } from '../flow';
import { startMeter } from '../measure';

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
/** A look takes time itself; it may not take more than a small part of it. */
const RARELY = 10;

/** Looks again and again at how much memory is really in use: what nobody needs is collected first. */
class HeapWatch {
	private readonly before = HeapWatch.inUse();
	private most = this.before;
	private timer = setTimeout(() => this.look(), LOOK_MS);
	/** What the looks took; it is not the run's. */
	readonly taken = { wallMs: 0, cpuMs: 0 };

	private static inUse(): number {
		globalThis.gc?.();
		return process.memoryUsage().heapUsed;
	}

	private look(): void {
		const meter = startMeter();
		this.most = Math.max(this.most, HeapWatch.inUse());
		const { wallMs, cpuMs } = meter();
		this.taken.wallMs += wallMs;
		this.taken.cpuMs += cpuMs;
		this.timer = setTimeout(() => this.look(), Math.max(LOOK_MS, RARELY * wallMs));
	}

	/** Looks a last time, where all outputs are there. @returns most bytes beyond those before */
	end(): number {
		clearTimeout(this.timer);
		return Math.max(this.most, HeapWatch.inUse()) - this.before;
	}
}

async function run(engine: Engine, access: Access, items: number): Promise<RunResult> {
	const step = ours('update', {
		deploymentId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
		numberOfAllocations: 1,
		options: { maxConcurrency: 10 },
	});
	const given = Array.from({ length: items }, (_, place) => ({ id: idOf(place) }));
	return await runSteps(engine, access, [step], given);
}

async function measured({ access, items }: ManyRequest): Promise<ManyResult> {
	const engine = await loadEngine();
	// Code is loaded and compiled by now.
	await run(engine, access, 100);
	const heap = new HeapWatch();
	const meter = startMeter();
	const result = await run(engine, access, items);
	const { wallMs, cpuMs } = meter();
	const heapBytes = heap.end();
	expectCount('items', result.items.length, items);
	const { taken } = heap;
	return { wallMs: wallMs - taken.wallMs, cpuMs: cpuMs - taken.cpuMs, heapBytes };
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
