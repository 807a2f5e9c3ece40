import type { INodeExecutionData, IRun, ITaskData } from 'n8n-workflow';

import type { RunResult } from './types';

function branchesOf({ data }: ITaskData): Array<INodeExecutionData[] | null> {
	return data?.main ?? data?.ai_tool ?? [];
}

function outputsOf(tasks: ITaskData[]): INodeExecutionData[][] {
	const count = Math.max(0, ...tasks.map((task) => branchesOf(task).length));
	return Array.from({ length: count }, (_, branch) =>
		tasks.flatMap((task) => branchesOf(task)[branch] ?? []),
	);
}

function statusOf(raw: IRun, canceled: boolean): RunResult['status'] {
	// A node that throws while it is stopped makes the engine say "error"; n8n shows "canceled".
	if (canceled) return 'canceled';
	const { status } = raw;
	return status === 'success' || status === 'canceled' || status === 'waiting' ? status : 'error';
}

/** Reads n8n's record of an execution. */
export function readResult(
	raw: IRun,
	about: { node?: string; canceled: boolean; tries: number; hintsOf?: string },
): RunResult {
	const { runData, error } = raw.data.resultData;
	const tasksOf = (name?: string): ITaskData[] => (name === undefined ? [] : (runData[name] ?? []));
	const tasks = tasksOf(about.node);
	const hinting = about.hintsOf === undefined ? Object.values(runData).flat() : tasks;
	const outputs = outputsOf(tasks);
	return {
		status: statusOf(raw, about.canceled),
		error: error ?? tasks.find((task) => task.error)?.error,
		outputs,
		items: (outputs[0] ?? []).map(({ json }) => json),
		errors: (outputs[1] ?? []).map(({ json }) => json),
		hints: hinting.flatMap((task) => task.hints ?? []),
		node: (name) => outputsOf(tasksOf(name)),
		tries: about.tries,
		raw,
	};
}
