import type {
	ExecutionError,
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeTypeDescription,
	INodeTypes,
	IRun,
	IWorkflowBase,
	NodeExecutionHint,
	OnError,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { Activation, ActivationOptions } from './activation';

export type { Activation, ActivationOptions };

/** What a workflow file must hold to be run; an exported workflow has all of it. */
export type WorkflowJson = Pick<IWorkflowBase, 'nodes' | 'connections'> &
	Partial<Pick<IWorkflowBase, 'id' | 'name' | 'settings' | 'staticData'>>;

/**
 * Stands in for a node that needs the outside world: gets the items that reach the node and
 * returns its output branches. `context` is the node's real `this`, to read its parameters.
 */
export type Stub = (
	items: INodeExecutionData[],
	context: IExecuteFunctions,
) => INodeExecutionData[][] | Promise<INodeExecutionData[][]>;

/** What every kind of run may set. */
export interface RunSettings {
	/** `trigger` (as in production) when absent. */
	mode?: WorkflowExecuteMode;
	/** `UTC` when neither this nor the workflow says otherwise. */
	timezone?: string;
	/** A running number when absent. */
	executionId?: string;
	/**
	 * What the workflow remembers: read when a run begins and written when it ends, as a server
	 * does it, so not by a run by hand. The same object for two runs lets them share it.
	 */
	staticData?: IDataObject;
}

/** One node behind a start node. */
export interface NodeRunOptions extends RunSettings {
	parameters: INodeParameters;
	/** One empty item when absent. */
	items?: IDataObject[] | INodeExecutionData[];
	/** Data of the credential type that the node asks for. */
	credentials?: ICredentialDataDecryptedObject;
	/** `n8n-nodes-elasticsearch-ml.mlDeployment` when absent; with `Tool` at the end: the agent's variant. */
	nodeType?: string;
	typeVersion?: number;
	name?: string;
	onError?: OnError;
	retryOnFail?: boolean;
	maxTries?: number;
	/** Milliseconds; 1 when absent, because n8n's own second only makes tests slow. */
	waitBetweenTries?: number;
	/** Further settings of the node, e.g. `executeOnce` or `alwaysOutputData`. */
	node?: Partial<INode>;
	workflowId?: string;
}

/** A whole workflow. */
export interface WorkflowRunOptions extends RunSettings {
	workflow: WorkflowJson;
	/** The node that hands over `startItems`; the only trigger when absent. */
	startNode?: string;
	startItems?: IDataObject[] | INodeExecutionData[];
	/** Whether the trigger makes the first items, as in a run by hand; else they are handed over. */
	asksTrigger?: boolean;
	/** By credential type; every node that can use one gets it, whatever the JSON says. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	stubs?: Record<string, Stub>;
}

/** How an execution ended. */
export interface RunResult {
	status: 'success' | 'error' | 'canceled' | 'waiting';
	/** What ended the execution, else what the node threw while the execution went on. */
	error?: ExecutionError;
	/** Branches of the node under test; of a workflow, those of the node that ran last. */
	outputs: INodeExecutionData[][];
	/** The json of the first branch. */
	items: IDataObject[];
	/** The json of the second branch, which is the error output of a node with one output. */
	errors: IDataObject[];
	hints: NodeExecutionHint[];
	/** Branches of a node, all its runs together; empty where it did not run. */
	node(name: string): INodeExecutionData[][];
	/** How often the node under test was executed. */
	tries: number;
	raw: IRun;
}

/** A running execution. */
export interface Run extends PromiseLike<RunResult> {
	readonly executionId: string;
	readonly result: Promise<RunResult>;
	/** What the Stop button does. */
	cancel(): void;
}

/** A call of a picker's list. */
export interface ListSearchOptions {
	/** The other fields of the node as they stand in the editor. */
	parameters?: INodeParameters;
	credentials?: ICredentialDataDecryptedObject;
	filter?: string;
	paginationToken?: string;
	nodeType?: string;
	typeVersion?: number;
}

/** What the editor's node search looks at. */
export interface SearchEntry {
	name: string;
	displayName: string;
	description: string;
	alias: string[];
	categories: string[];
	actions: string[];
}

/** n8n's engine with the built package and n8n's own nodes in it. */
export interface Engine {
	runNode(options: NodeRunOptions): Run;
	runWorkflow(options: WorkflowRunOptions): Run;
	testCredential(
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult>;
	listSearch(method: string, options?: ListSearchOptions): Promise<INodeListSearchResult>;
	/** Publishes a workflow of one polling trigger. */
	activate(options: ActivationOptions): Promise<Activation>;
	readonly nodeTypes: INodeTypes;
	/** The description as the editor gets it. */
	description(nodeType: string, version?: number): INodeTypeDescription;
	searchData(): SearchEntry[];
	/** Every line that n8n or a node logged in this process; empty it with `logs.length = 0`. */
	readonly logs: string[];
}
