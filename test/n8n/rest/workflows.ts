import type { IConnections, IDataObject, INode, ITaskData, IWorkflowSettings } from 'n8n-workflow';

import { eventually } from '../../eventually';
import type { Execution } from './execution';
import type { Executions } from './executions';
import type { Http } from './http';

/** As a person exports or imports it. */
export interface WorkflowJson {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IDataObject;
	meta?: IDataObject;
}

export interface SavedWorkflow extends WorkflowJson {
	id: string;
	versionId: string;
	active: boolean;
}

export interface RunOptions {
	/** The trigger to start from; absent: the only one. */
	from?: string;
	/** What a webhook or another workflow would have brought. */
	items?: IDataObject[];
	timeoutMs?: number;
}

interface Publication {
	status: 'in_progress' | 'published' | 'not_published' | 'partial' | 'failed';
}

export class Workflows {
	constructor(
		private readonly http: Http,
		private readonly executions: Executions,
	) {}

	async create(workflow: WorkflowJson): Promise<SavedWorkflow> {
		const { name, nodes, connections, settings = {}, pinData, meta } = workflow;
		return await this.http.ask('POST', '/workflows', {
			name,
			nodes,
			connections,
			settings,
			pinData,
			meta,
		});
	}

	async all(): Promise<Array<Pick<SavedWorkflow, 'id' | 'name' | 'active'>>> {
		return await this.http.ask('GET', '/workflows');
	}

	async read(id: string): Promise<SavedWorkflow> {
		return await this.http.ask('GET', `/workflows/${id}`);
	}

	/** Returns when its triggers listen. */
	async activate({ id, versionId }: SavedWorkflow): Promise<void> {
		await this.http.ask('POST', `/workflows/${id}/activate`, { versionId });
		await this.published(id);
	}

	/** Returns when its triggers are gone. */
	async deactivate({ id }: Pick<SavedWorkflow, 'id'>): Promise<void> {
		await this.http.ask('POST', `/workflows/${id}/deactivate`, {});
		await this.published(id);
	}

	/** Presses Execute Workflow; the execution's id. */
	async begin(workflow: SavedWorkflow, { from, items }: RunOptions = {}): Promise<string> {
		const name = from ?? theOnlyTrigger(workflow);
		const data = items === undefined ? undefined : triggered(items);
		const answer = await this.http.ask<{ executionId?: string }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{ triggerToStartFrom: { name, data } },
		);
		if (answer.executionId === undefined) {
			throw new Error(`'${name}' waits for a call instead of running: give it items`);
		}
		return answer.executionId;
	}

	/** Presses Execute Workflow and waits for the end. */
	async run(workflow: SavedWorkflow, options: RunOptions = {}): Promise<Execution> {
		return await this.executions.ended(await this.begin(workflow, options), options.timeoutMs);
	}

	/** n8n answers before it has told the triggers, and does that behind the scenes. */
	private async published(id: string): Promise<void> {
		await eventually(async () => {
			const now = await this.http.ask<Publication>('GET', `/workflows/${id}/publication-status`);
			if (now.status === 'published' || now.status === 'not_published') return true;
			if (now.status !== 'in_progress') throw new Error(`Not activated: ${JSON.stringify(now)}`);
			return false;
		});
	}
}

function theOnlyTrigger({ name, nodes }: WorkflowJson): string {
	const triggers = nodes.filter(({ type }) => /trigger$|\.webhook$/i.test(type));
	if (triggers.length !== 1) throw new Error(`'${name}' has ${triggers.length} triggers: name one`);
	return triggers[0].name;
}

function triggered(items: IDataObject[]): ITaskData {
	return {
		startTime: Date.now(),
		executionIndex: 0,
		executionTime: 0,
		executionStatus: 'success',
		source: [],
		data: { main: [items.map((json) => ({ json }))] },
	};
}
