/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { ClusterProcess } from './cluster/process';
import type { Counts } from './cluster/orders';
import { rotated, spreadOf, type Spread } from './statistics';

/** One that does the work of a scenario in its own way. */
export interface Contender {
	name: string;
	/** Makes ready what the run needs; it is not measured. */
	prepare?(): Promise<void>;
	/** Does the work, and throws where it was not done. */
	run(): Promise<void>;
}

/** One run. */
export interface Sample extends Counts {
	wallMs: number;
	/** Of this process, user and system; the cluster lives in another one. */
	cpuMs: number;
}

/** All runs of one contender, but for those that warmed up. */
export interface Row {
	name: string;
	wallMs: Spread;
	cpuMs: Spread;
	/** The medians. */
	requests: number;
	bytes: number;
	connections: number;
	atOnce: number;
	samples: Sample[];
}

/** Begins to measure this process; what it returns says what has passed since. */
export function startMeter(): () => Pick<Sample, 'wallMs' | 'cpuMs'> {
	const cpu = process.cpuUsage();
	const start = performance.now();
	return () => {
		const wallMs = performance.now() - start;
		const { user, system } = process.cpuUsage(cpu);
		return { wallMs, cpuMs: (user + system) / 1000 };
	};
}

async function measure(contender: Contender, cluster: ClusterProcess): Promise<Sample> {
	await contender.prepare?.();
	await cluster.take();
	// Nobody pays for what another one left behind.
	globalThis.gc?.();
	const meter = startMeter();
	await contender.run();
	return { ...meter(), ...(await cluster.take()) };
}

/**
 * Lets all contenders run once in each round, in turning order. The first round warms up, and is not
 * counted.
 * @param rounds that count
 */
export async function measureAll(
	contenders: readonly Contender[],
	rounds: number,
	cluster: ClusterProcess,
): Promise<Row[]> {
	const samples = new Map(contenders.map(({ name }): [string, Sample[]] => [name, []]));
	for (let round = 0; round <= rounds; round++) {
		for (const contender of rotated(contenders, round)) {
			const sample = await measure(contender, cluster);
			if (round > 0) samples.get(contender.name)?.push(sample);
		}
	}
	return [...samples].map(([name, all]) => rowOf(name, all));
}

export function rowOf(name: string, samples: Sample[]): Row {
	const middle = (key: keyof Sample): number => spreadOf(samples.map((each) => each[key])).median;
	return {
		name,
		wallMs: spreadOf(samples.map(({ wallMs }) => wallMs)),
		cpuMs: spreadOf(samples.map(({ cpuMs }) => cpuMs)),
		requests: middle('requests'),
		bytes: middle('bytes'),
		connections: middle('connections'),
		atOnce: middle('atOnce'),
		samples,
	};
}
