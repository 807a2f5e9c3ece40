import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { operationNamed } from '../../nodes/MlDeployment/operations';
import { runItems } from '../../nodes/MlDeployment/execution/runItems';
import type { EmbeddedCluster } from '../cluster';
import { theEngine } from '../engine/given';
import { warnings, type Logged } from '../engine/harness/logs';
import { TYPE, workflowOf } from './oneNode';
import { BYSTANDER, type Play } from './operations';
import { Stage, type Moment, type Plan, type Sent } from './stage';

/** What became of a run. */
export interface Performed {
	ended: 'well' | 'with an error';
	items: IDataObject[];
	sent: Sent[];
	/** What the node logged meanwhile. */
	logs: string[];
	/** What n8n's log warned of meanwhile. */
	warnings: Logged[];
	/** Error data: what was done before the failure, and what failed. */
	data: IDataObject;
	/** Message and description of the error. */
	text: string;
	/** What could be a moment to cancel, in order. */
	moments: string[];
	/** How many requests had left at the cancel. */
	sentAtCancel?: number;
}

const CREDENTIAL = { readOnly: false, ignoreSslIssues: false, ca: '' };

/** The `this` that n8n gives the node in an execution; it outlives the execution. */
export async function contextOf(
	{ endpoint, apiKey }: EmbeddedCluster,
	play: Play,
): Promise<IExecuteFunctions> {
	let given: IExecuteFunctions | undefined;
	await theEngine().runWorkflow({
		workflow: workflowOf(play.parameters),
		credentials: { elasticsearchMlApi: { ...CREDENTIAL, endpoint, apiKey } },
		stubs: {
			[TYPE.name]: (_items, context) => {
				given = context;
				return [[]];
			},
		},
	});
	if (given === undefined) throw new Error('n8n did not come to the node');
	return given;
}

/** Empties the cluster, and sets up what an operation works on. */
export function setUp(cluster: EmbeddedCluster, play: Play): void {
	for (const { deployment_id: id } of cluster.deployments()) cluster.removeDeployment(id);
	play.given(cluster);
	cluster.addDeployment({ deployment_id: BYSTANDER, number_of_allocations: 5 });
	cluster.resetLog();
}

let executions = 0;

/** How one run goes. */
export interface Course {
	plan?: Plan;
	/** The place among all moments at which the user stops the execution. */
	cancelAt?: number;
}

/**
 * Runs the operation's own code with n8n's own `this`; only the request helper, the clock, and the
 * cancel signal are the stage's.
 */
export async function perform(
	cluster: EmbeddedCluster,
	context: IExecuteFunctions,
	play: Play,
	{ plan, cancelAt }: Course = {},
): Promise<Performed> {
	setUp(cluster, play);
	const memory = context.getWorkflowStaticData('global');
	for (const key of Object.keys(memory)) delete memory[key];
	const { logs } = theEngine();
	logs.length = 0;
	warnings.length = 0;
	const user = new AbortController();
	const moments: string[] = [];
	let sentAtCancel: number | undefined;
	const moment: Moment = (name) => {
		if (moments.push(name) - 1 !== cancelAt) return false;
		sentAtCancel = stage.sent.length;
		user.abort();
		return true;
	};
	const stage = new Stage(cluster, plan, moment);
	// Each run is an execution of its own, so that none takes another for its earlier try.
	const id = `matrix-${++executions}`;
	const host = Object.create(stage.hosting(context), {
		getExecutionId: { value: () => id },
		getExecutionCancelSignal: { value: () => user.signal },
	}) as IExecuteFunctions;
	const operation = operationNamed(context.getNodeParameter('operation', 0));
	if (operation === undefined) throw new Error('the node has no such operation');
	const ended = await runItems(host, operation, stage.clock).then(
		([items]) => ({ items }),
		(error: unknown) => ({ error }),
	);
	const rest = {
		sent: stage.sent,
		logs: [...logs],
		warnings: [...warnings],
		moments,
		sentAtCancel,
	};
	return { ...rest, ...('error' in ended ? failedWith(ended.error) : endedWell(ended.items)) };
}

type Ended = Pick<Performed, 'ended' | 'items' | 'data' | 'text'>;

function endedWell(items: INodeExecutionData[]): Ended {
	return { ended: 'well', items: items.map(({ json }) => json), data: {}, text: '' };
}

function failedWith(thrown: unknown): Ended {
	if (!(thrown instanceof Error)) throw new Error(`${String(thrown)} is no error`);
	const { message, description, context } = thrown as Error & {
		description?: string;
		context?: { data?: IDataObject };
	};
	const data = context?.data ?? {};
	return { ended: 'with an error', items: [], data, text: `${message}\n${description ?? ''}` };
}
