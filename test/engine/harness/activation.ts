/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { Container } from '@n8n/di';
import {
	ActiveWorkflowTriggers,
	PollContext,
	ScheduledTaskManager,
	TriggersAndPollers,
} from 'n8n-core';
import {
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeParameters,
	type IPollFunctions,
	Workflow,
	type WorkflowActivateMode,
} from 'n8n-workflow';

import { additionalDataFor } from './additionalData';
import { bindCredentials, credentialsOf } from './binding';
import { EngineCredentials } from './credentials';
import type { NodePackages } from './packages';

/** A workflow of one polling trigger. */
export interface ActivationOptions {
	parameters: INodeParameters;
	credentials?: ICredentialDataDecryptedObject;
	nodeType?: string;
	/** `activate` when absent: a person publishes it. `init`: n8n starts. */
	how?: WorkflowActivateMode;
	/** What n8n has stored; it is changed where n8n would store it. */
	staticData?: IDataObject;
	/** Milliseconds that a poll may take, where n8n has such a limit. */
	budgetMs?: number;
}

/** A published workflow, whose clock the test is. */
export interface Activation {
	readonly workflowId: string;
	/** What the trigger emitted: one list of items for each execution that began. */
	readonly emitted: IDataObject[][];
	/** What n8n saved as failed executions. */
	readonly errors: Error[];
	/** Lets n8n's schedule fire, and waits until that poll is done. */
	poll(): Promise<void>;
	deactivate(): Promise<void>;
}

let workflows = 0;

/** In place of n8n's cron jobs: a tick comes when a test says so. */
class Ticks {
	private readonly ticks = new Map<string, () => void>();

	register({ group }: { group: { id: string } }, onTick: () => void): boolean {
		this.ticks.set(group.id, onTick);
		return true;
	}

	deregisterGroup({ id }: { id: string }): boolean {
		return this.ticks.delete(id);
	}

	deregisterTarget(group: { id: string }): void {
		this.deregisterGroup(group);
	}

	getTargetIds(): Set<string> {
		return new Set();
	}

	hasGroup({ id }: { id: string }): boolean {
		return this.ticks.has(id);
	}

	hasTarget(group: { id: string }): boolean {
		return this.hasGroup(group);
	}

	fire(id: string): void {
		const tick = this.ticks.get(id);
		if (tick === undefined) throw new Error('n8n has registered no poll for this workflow');
		tick();
	}
}

const ticks = new Ticks();

function theTriggers(): ActiveWorkflowTriggers {
	Container.set(ScheduledTaskManager, ticks as unknown as ScheduledTaskManager);
	return Container.get(ActiveWorkflowTriggers);
}

/** Publishes a workflow with the trigger, through n8n's own machinery; it polls once at once. */
export async function activate(
	packages: NodePackages,
	options: ActivationOptions,
): Promise<Activation> {
	const { nodeType = 'n8n-nodes-elasticsearch-ml.mlDeploymentTrigger', how = 'activate' } = options;
	const type = packages.getByNameAndVersion(nodeType);
	const credentials = new EngineCredentials(packages, credentialsOf(type, options.credentials));
	const node: INode = {
		id: 'trigger',
		name: 'Trigger',
		type: nodeType,
		typeVersion: 1,
		position: [0, 0],
		parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...options.parameters },
	};
	bindCredentials(node, type, credentials);
	const id = `active-${++workflows}`;
	const staticData = options.staticData ?? {};
	const workflow = new Workflow({
		id,
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes: packages,
		staticData: structuredClone(staticData),
	});
	const emitted: IDataObject[][] = [];
	const errors: Error[] = [];
	/** As n8n's server does: what was changed is stored whole. */
	const save = (): void => {
		if (workflow.staticData.__dataChanged !== true) return;
		for (const key of Object.keys(staticData)) delete staticData[key];
		Object.assign(staticData, structuredClone(JSON.parse(JSON.stringify(workflow.staticData))));
	};
	const emit: IPollFunctions['__emit'] = ([items]) => {
		emitted.push(items.map(({ json }) => json));
		save();
	};
	const triggers = theTriggers();
	await triggers.addAllTriggers(
		id,
		workflow,
		additionalDataFor(credentials, { workflowId: id }),
		'trigger',
		how,
		() => {
			throw new Error('This is no trigger that calls n8n');
		},
		(...given) => {
			const { budgetMs } = options;
			const budget = budgetMs === undefined ? undefined : () => budgetMs;
			const onError = (error: Error): number => errors.push(error);
			return new PollContext(...given, emit, onError, undefined, undefined, undefined, budget);
		},
	);
	save();
	return {
		workflowId: id,
		emitted,
		errors,
		poll: async () => {
			const { events } = Container.get(TriggersAndPollers);
			await new Promise<void>((resolve) => {
				events.once('poll-tick-completed', () => setImmediate(resolve));
				ticks.fire(id);
			});
		},
		deactivate: async () => void (await triggers.remove(id)),
	};
}
