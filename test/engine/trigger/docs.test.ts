/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { EVENTS } from '../../../nodes/MlDeploymentTrigger/events';
import { givenCluster } from '../given';
import { activate } from './triggered';

const PAGE = readFileSync(path.join(__dirname, '../../../docs/trigger.md'), 'utf8');

/** What differs from run to run: times, and the port of the cluster in its hash. */
function alike(event: IDataObject): IDataObject {
	const restore = JSON.parse(String(event.restore)) as IDataObject;
	const times = { detected_at: '', since: '' };
	return { ...event, ...times, restore: JSON.stringify({ ...restore, cluster: '', taken_at: '' }) };
}

it('docs/trigger.md shows an event as it comes out', async () => {
	const cluster = await givenCluster();
	cluster.addDeployment({
		deployment_id: 'search',
		model_id: 'my_model',
		number_of_allocations: 2,
		queue_capacity: 10_000,
	});
	const activation = await activate(cluster);
	cluster.removeDeployment('search');
	await activation.poll();
	const [[event]] = activation.emitted;
	const [, sample] = /```json\n([^`]*)```/.exec(PAGE) ?? [];
	const shown = JSON.parse(sample) as IDataObject;
	expect(Object.keys(shown)).toEqual(Object.keys(event));
	expect(alike(shown)).toEqual(alike(event));
});

it('docs/trigger.md has a row for each event', () => {
	for (const event of EVENTS)
		expect(PAGE).toMatch(new RegExp(`^\\| [\\w ]+ \\| \`${event}\` \\|`, 'm'));
});
