import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { loadEngine, type Engine } from '../engine/harness';
import { foreignValues } from './foreignValues';
import { files, isEmptyList, OURS, shipped, type ShippedWorkflow } from './shipped';

let engine: Engine;

beforeAll(async () => {
	engine = await loadEngine();
});

/** Operations of ours that change something. */
const CHANGING = ['scale', 'start', 'stop', 'update'];
/** Where an error output may end: a red run, or an answer to the one who waits for it. */
const ENDS = ['n8n-nodes-base.stopAndError', 'n8n-nodes-base.respondToWebhook'];
const APPROVAL = 'sendAndWait';

const ours = ({ nodes }: ShippedWorkflow) => nodes.filter(({ type }) => type === OURS);
const changing = (workflow: ShippedWorkflow) =>
	ours(workflow).filter(({ parameters }) => CHANGING.includes(String(parameters.operation)));

/** The parameters as n8n takes them from the file: what is unknown or hidden is dropped. */
function kept(description: INodeTypeDescription, node: INode): INodeParameters {
	const { properties } = description;
	const parameters = structuredClone(node.parameters);
	return (
		NodeHelpers.getNodeParameters(properties, parameters, true, false, node, description) ?? {}
	);
}

/** What n8n complains about before a run; empty lists are for the person who imports the file. */
function complaints(description: INodeTypeDescription, node: INode): string[] {
	const issues = NodeHelpers.getNodeParametersIssues(description.properties, node, description);
	return Object.entries(issues?.parameters ?? {})
		.filter(([name]) => !isEmptyList(node.parameters[name]))
		.flatMap(([, texts]) => texts);
}

/** Whether a node could make something smaller: a start and At Least cannot. */
function takesAway({ parameters }: INode): boolean {
	return parameters.operation !== 'start' && parameters.sizeRule !== 'atLeast';
}

/** Nodes that a person has to approve before they run. */
function approved(workflow: ShippedWorkflow): string[] {
	return workflow.nodes
		.filter(({ parameters }) => parameters.operation === APPROVAL)
		.flatMap(({ name }) => reachable(workflow, name, 0));
}

/** Nodes that can be reached from one output. */
function reachable(workflow: ShippedWorkflow, from: string, output: number): string[] {
	const found = new Set<string>();
	const next = (node: string, branches: number[]): void => {
		const { main = [] } = workflow.connections[node] ?? {};
		for (const branch of branches) {
			for (const { node: target } of main[branch] ?? []) {
				if (found.has(target)) continue;
				found.add(target);
				next(target, [0, 1]);
			}
		}
	};
	next(from, [output]);
	return [...found];
}

describe.each(files)('the nodes of %s', (file) => {
	const workflow = shipped(file);

	it("are ours or n8n's own, in a version that exists", () => {
		for (const { type, typeVersion } of workflow.nodes) {
			expect(type).toMatch(/^n8n-nodes-(base|elasticsearch-ml)\./);
			expect(type).not.toMatch(/\.(code|function|executeCommand|httpRequest)$/);
			const { version } = engine.description(type, typeVersion);
			expect([version].flat()).toContain(typeVersion);
		}
	});

	it('have no parameter and no option that n8n would drop', () => {
		for (const node of workflow.nodes) {
			const description = engine.description(node.type, node.typeVersion);
			expect({ [node.name]: kept(description, node) }).toMatchObject({
				[node.name]: node.parameters,
			});
		}
	});

	it('have only values that their fields offer', () => {
		for (const node of workflow.nodes) {
			const description = engine.description(node.type, node.typeVersion);
			const wrong = [...complaints(description, node), ...foreignValues(description, node)];
			expect({ [node.name]: wrong }).toEqual({ [node.name]: [] });
		}
	});

	it('of ours say their operation, and take nothing away after an import: Dry Run is on', () => {
		for (const { parameters } of ours(workflow)) {
			expect(parameters).toMatchObject({ resource: 'deployment', operation: expect.any(String) });
		}
		for (const node of changing(workflow).filter(takesAway)) {
			const isSafe = node.parameters.dryRun === true || approved(workflow).includes(node.name);
			expect({ [node.name]: isSafe }).toEqual({ [node.name]: true });
		}
	});

	it('that change something end the run red where it fails, or tell whom it concerns', () => {
		for (const { name, onError } of changing(workflow)) {
			// n8n itself ends the run red.
			if (onError === undefined) continue;
			const output = onError === 'continueErrorOutput' ? 1 : 0;
			const told = reachable(workflow, name, output).filter((each) =>
				workflow.nodes.some(
					(node) =>
						node.name === each &&
						(ENDS.includes(node.type) || node.parameters.operation === APPROVAL),
				),
			);
			expect({ name, told: told.length }).not.toEqual({ name, told: 0 });
		}
	});

	it('that hand errors on have that output wired', () => {
		for (const { name, onError } of workflow.nodes) {
			if (onError !== 'continueErrorOutput') continue;
			const { main = [] } = workflow.connections[name] ?? {};
			expect({ name, wired: main.at(-1)?.length ?? 0 }).not.toEqual({ name, wired: 0 });
			expect(main).toHaveLength(2);
		}
	});
});

describe('these tests', () => {
	it('would see a wrong parameter, option and value', () => {
		const node = changing(shipped('nights-off.json'))[0];
		const description = engine.description(OURS, 1);
		const wrong = { ...node.parameters, targets: 'one', options: { finishPendingWorks: true } };
		const given = { ...node, parameters: wrong };
		expect(kept(description, given)).not.toHaveProperty('targets');
		expect(kept(description, given).options).toEqual({});
		const options = { finishPendingWork: 'yes', retries: '3' };
		const others = { ...node.parameters, target: 'some', options };
		expect(foreignValues(description, { ...node, parameters: others })).toEqual([
			'target: some',
			'finishPendingWork: yes',
			'retries: 3',
		]);
	});
});
