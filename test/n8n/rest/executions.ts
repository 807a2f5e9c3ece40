/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as pause } from 'node:timers/promises';

import { Execution, type ExecutionJson, type RunStatus } from './execution';
import type { Http } from './http';

const POLL_MS = 50;

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: RunStatus;
	mode: string;
}

export class Executions {
	constructor(private readonly http: Http) {}

	/** As it stands now. */
	async read(id: string): Promise<Execution> {
		return new Execution(await this.http.ask<ExecutionJson>('GET', `/executions/${id}`));
	}

	/** When it has ended, however that was. */
	async ended(id: string, timeoutMs = 30_000): Promise<Execution> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const execution = await this.read(id);
			if (execution.ended) return execution;
			if (Date.now() > deadline) {
				throw new Error(`Execution ${id} is '${execution.status}' after ${timeoutMs / 1000} s`);
			}
			await pause(POLL_MS);
		}
	}

	/** The newest first, running ones included. */
	async of(workflow: { id: string }, limit = 100): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId: workflow.id }));
		const { results } = await this.http.ask<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?limit=${limit}&filter=${filter}`,
		);
		return results;
	}

	async stop(id: string): Promise<void> {
		await this.http.ask('POST', `/executions/${id}/stop`);
	}
}
