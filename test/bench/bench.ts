import { loadEngine, type Engine } from '../engine/harness';
import { startClusterProcess, type ClusterProcess } from './cluster/process';
import type { Options } from './options';

/** What every scenario is given. */
export interface Bench {
	engine: Engine;
	cluster: ClusterProcess;
	options: Options;
	/** Says what is measured now. */
	progress(line: string): void;
}

export async function openBench(
	options: Options,
	progress: (line: string) => void,
): Promise<Bench> {
	return { engine: await loadEngine(), cluster: startClusterProcess(), options, progress };
}

export async function closeBench({ cluster }: Bench): Promise<void> {
	await cluster.end();
}
