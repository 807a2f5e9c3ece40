import type { IDataObject, IRunExecutionData, ITaskData } from 'n8n-workflow';

import { unflatten } from './unflatten';

export type RunStatus =
	'new' | 'running' | 'waiting' | 'success' | 'error' | 'canceled' | 'crashed' | 'unknown';

export interface ExecutionJson {
	id: string;
	workflowId: string;
	mode: string;
	status: RunStatus;
	startedAt: string;
	stoppedAt?: string;
	/** In n8n's own way of writing data with references. */
	data: string;
}

/** One line of an error as the editor shows it. */
export interface SeenError {
	message: string;
	description: string;
	httpCode?: string;
	context: IDataObject;
}

/** An execution as n8n keeps it. */
export class Execution {
	readonly data: IRunExecutionData;

	constructor(private readonly json: ExecutionJson) {
		this.data = unflatten(json.data) as IRunExecutionData;
	}

	get id(): string {
		return this.json.id;
	}

	get mode(): string {
		return this.json.mode;
	}

	get status(): RunStatus {
		return this.json.status;
	}

	get ended(): boolean {
		return ['success', 'error', 'canceled', 'crashed'].includes(this.json.status);
	}

	/** All that n8n hands out about it, for searches. */
	get text(): string {
		return JSON.stringify(this.json);
	}

	/** How each run of a node went. */
	runs(node: string): ITaskData[] {
		return this.data.resultData.runData[node] ?? [];
	}

	/** What a node handed on at one of its outputs, in its last run. */
	output(node: string, output = 0, connection = 'main'): IDataObject[] {
		const items = this.runs(node).at(-1)?.data?.[connection]?.[output] ?? [];
		return items.map(({ json }) => json);
	}

	/** What ended it. */
	get error(): SeenError | undefined {
		const { error } = this.data.resultData;
		if (error === undefined) return undefined;
		const { message, description, context } = error;
		const httpCode = 'httpCode' in error ? (error.httpCode ?? undefined) : undefined;
		return { message, description: description ?? '', httpCode, context: context ?? {} };
	}
}
