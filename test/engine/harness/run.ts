import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type ExecutionError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type IRun,
	type IWorkflowBase,
	type IWorkflowIssues,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { additionalDataFor } from './additionalData';
import type { EngineCredentials } from './credentials';
import { isTrigger } from './nodes';
import { readResult } from './result';
import type { RunNodeTypes } from './runNodeTypes';
import type { Run, RunResult } from './types';

let executions = 0;

/** n8n's engine, which does not ask a stubbed node for fields that only its service needs. */
class StubbedExecute extends WorkflowExecute {
	stubbed: string[] = [];

	override checkReadyForExecution(
		...args: Parameters<WorkflowExecute['checkReadyForExecution']>
	): IWorkflowIssues | null {
		const issues = Object.entries(super.checkReadyForExecution(...args) ?? {}).filter(
			([name]) => !this.stubbed.includes(name),
		);
		return issues.length ? Object.fromEntries(issues) : null;
	}
}

/** All that an execution needs. */
export interface RunSetup {
	workflow: Workflow;
	workflowData: IWorkflowBase;
	startsAt: INode;
	items: INodeExecutionData[];
	nodeTypes: RunNodeTypes;
	credentials: EngineCredentials;
	stubbed: string[];
	watched?: string;
	mode?: WorkflowExecuteMode;
	executionId?: string;
	staticData?: IDataObject;
	asksTrigger?: boolean;
}

/** What n8n's server does at the end of every run but one by hand and one that was cancelled. */
function saveStaticData({ workflow, staticData, mode }: RunSetup): void {
	if (staticData === undefined || mode === 'manual') return;
	const kept = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
	for (const key of Object.keys(staticData)) delete staticData[key];
	Object.assign(staticData, kept);
}

function initialData(
	{ startsAt, items, nodeTypes, asksTrigger }: RunSetup,
	mode: WorkflowExecuteMode,
) {
	const type = nodeTypes.getByNameAndVersion(startsAt.type, startsAt.typeVersion);
	// By hand, n8n asks the trigger for data, unless there is pinned data; else it passes it on.
	const isPinned = mode === 'manual' && isTrigger(type) && asksTrigger !== true;
	const pinData = isPinned ? { [startsAt.name]: items } : undefined;
	return createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node: startsAt, data: { main: [items] }, source: null }],
		},
		resultData: { pinData },
	});
}

/** An execution that never began, e.g. because a required field is empty. */
function failedAtOnce(error: unknown, mode: WorkflowExecuteMode): IRun {
	const now = new Date();
	return {
		data: createRunExecutionData({ resultData: { error: error as ExecutionError } }),
		mode,
		startedAt: now,
		stoppedAt: now,
		storedAt: 'db',
		status: 'error',
	};
}

/** Starts an execution in n8n's engine. */
export function startRun(setup: RunSetup): Run {
	const { workflow, workflowData, nodeTypes, mode = 'trigger', watched } = setup;
	const executionId = setup.executionId ?? String(++executions);
	const additionalData = additionalDataFor(setup.credentials, {
		executionId,
		workflowId: workflow.id,
	});
	additionalData.hooks = new ExecutionLifecycleHooks(mode, executionId, workflowData);
	const engine = new StubbedExecute(additionalData, mode, initialData(setup, mode));
	engine.stubbed = setup.stubbed;

	let cancel = () => {};
	let canceled = () => false;
	let finished: PromiseLike<IRun>;
	try {
		const running = engine.processRunExecutionData(workflow);
		cancel = () => running.cancel();
		canceled = () => running.isCanceled;
		finished = running;
	} catch (error) {
		finished = Promise.resolve(failedAtOnce(error, mode));
	}
	const result = Promise.resolve(finished).then((raw): RunResult => {
		if (!canceled()) saveStaticData(setup);
		const node = watched ?? raw.data.resultData.lastNodeExecuted;
		return readResult(raw, {
			node,
			canceled: canceled(),
			tries: node === undefined ? 0 : nodeTypes.executionsOf(node),
			hintsOf: watched,
		});
	});
	return {
		executionId,
		result,
		cancel,
		then: async (...handlers) => await result.then(...handlers),
	};
}
