/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { PollContext } from 'n8n-core';
import { Workflow, type IDataObject, type INode, type IPollFunctions } from 'n8n-workflow';

import { poll } from '../../nodes/MlDeploymentTrigger/poll';
import type { EmbeddedCluster } from '../cluster';
import { credentialFor, givenCluster, theEngine } from '../engine/given';
import { holdsKey } from '../given';
import { additionalDataFor } from '../engine/harness/additionalData';
import { bindCredentials } from '../engine/harness/binding';
import { EngineCredentials } from '../engine/harness/credentials';
import type { NodePackages } from '../engine/harness/packages';
import { TRIGGER, watching } from '../engine/trigger/triggered';
import { worded } from './expected';
import { FAULTS } from './list';
import { isRepeated, type Fault } from './list/fault';
import { Stage, type Plan } from './stage';

/** Faults that pass without anybody's doing, so that the error only says that nothing is lost. */
const NOTHING_LOST = 'Nothing is lost: the next poll looks again';

const READS = FAULTS.filter(({ only, onlyOnWire }) => only === undefined && onlyOnWire !== true);

let polls = 0;

afterAll(() => {
	process.stdout.write(`${polls} polls of the trigger with ${READS.length} faults\n`);
});

/** The `this` that n8n gives a published trigger. */
function contextFor(cluster: EmbeddedCluster): IPollFunctions {
	const packages = theEngine().nodeTypes as NodePackages;
	const type = packages.getByNameAndVersion(TRIGGER);
	const data = { elasticsearchMlApi: credentialFor(cluster) };
	const credentials = new EngineCredentials(packages, data);
	const node: INode = {
		id: 'trigger',
		name: 'Trigger',
		type: TRIGGER,
		typeVersion: 1,
		position: [0, 0],
		parameters: watching(),
	};
	bindCredentials(node, type, credentials);
	const nodes = { nodes: [node], connections: {}, active: true, nodeTypes: packages };
	const workflow = new Workflow({ id: 'polled', ...nodes, staticData: {} });
	const additionalData = additionalDataFor(credentials, { workflowId: 'polled' });
	return new PollContext(workflow, node, additionalData, 'trigger', 'activate');
}

interface Polled {
	events: string[];
	/** Message and description; empty if it brought no error. */
	text: string;
}

async function polled(host: IPollFunctions, stage: Stage): Promise<Polled> {
	polls++;
	try {
		const emitted = (await poll(host, stage.clock))?.flat() ?? [];
		return { events: emitted.map(({ json }) => nameOf(json)), text: '' };
	} catch (error) {
		const { message, description } = error as Error & { description?: string };
		return { events: [], text: `${message}\n${description ?? ''}` };
	}
}

function nameOf({ event, deployment_id: id }: IDataObject): string {
	return `${String(id)}: ${String(event)}`;
}

/** What goes wrong around one poll that meets a fault; empty if nothing does. */
async function complaints(
	cluster: EmbeddedCluster,
	fault: Fault,
	span: Plan['span'],
): Promise<string[]> {
	for (const { deployment_id: id } of cluster.deployments()) cluster.removeDeployment(id);
	cluster.addDeployment({ deployment_id: 'search' });
	cluster.addDeployment({ deployment_id: 'shop' });
	const stage = new Stage(cluster);
	const host = stage.hosting(contextFor(cluster));
	const first = await polled(host, stage);
	cluster.removeDeployment('shop');
	stage.plan = { fault, first: stage.sent.length, span, runs: false };
	const second = await polled(host, stage);
	const sends = stage.sent.filter((each) => each.fault !== undefined).length;
	stage.plan = undefined;
	const third = await polled(host, stage);
	const wrong: string[] = [];
	const passes = isRepeated(fault.kind);
	const isWell = passes && span === 'once';
	const told = ['shop: disappeared'];
	if (first.events.length > 0 || first.text !== '') wrong.push('the first poll tells something');
	if (String(second.events) !== String(isWell ? told : []))
		wrong.push(`told ${second.events.join()}`);
	if (String(third.events) !== String(isWell ? [] : told))
		wrong.push(`then ${third.events.join()}`);
	if (sends !== (passes && span !== 'once' ? 4 : 1)) wrong.push(`it was sent ${sends} times`);
	const [message, next] = fault.wordsFor?.read ?? fault.words;
	if (holdsKey(second.text, cluster.apiKey)) wrong.push('the key is in the error');
	if (isWell) return wrong;
	if (!worded(message, []).test(second.text)) wrong.push(`'${message}' is not in: ${second.text}`);
	const isSaid = worded(next, []).test(second.text) || second.text.includes(NOTHING_LOST);
	if (!isSaid) wrong.push(`'${next}' is not in: ${second.text}`);
	return wrong;
}

it('a poll that meets a fault loses no event and tells none twice', async () => {
	const cluster = await givenCluster();
	const wrong: Record<string, string[]> = {};
	for (const fault of READS) {
		for (const span of ['once', 'all'] as const) {
			const found = await complaints(cluster, fault, span);
			if (found.length > 0) wrong[`${fault.name}, ${span}`] = found;
		}
	}
	expect(wrong).toEqual({});
}, 60_000);
