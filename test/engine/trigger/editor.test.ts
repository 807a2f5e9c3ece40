import type { INodeType } from 'n8n-workflow';

import { theEngine } from '../given';
import { resolveSubtitle } from '../harness/expressions';
import { TRIGGER, watching } from './triggered';

describe('the trigger in the editor', () => {
	it.each(['elasticsearch trigger', 'deployment failed', 'idle', 'ml deployment trigger'])(
		'is found by "%s"',
		(words) => {
			const found = theEngine()
				.searchData()
				.filter(({ displayName, alias }) =>
					[displayName, ...alias].some((each) => each.toLowerCase().includes(words)),
				);
			expect(found.map(({ name }) => name)).toContain(TRIGGER);
		},
	);

	it('polls, has no input, and the icons of the action node', () => {
		const { polling, inputs, outputs, iconUrl, properties } = theEngine().description(TRIGGER);
		expect({ polling, inputs, outputs }).toEqual({ polling: true, inputs: [], outputs: ['main'] });
		expect(iconUrl).toEqual(
			theEngine().description('n8n-nodes-elasticsearch-ml.mlDeployment').iconUrl,
		);
		expect(properties.map(({ name }) => name)).toEqual([
			'pollTimes',
			'events',
			'stuckMinutes',
			'idleMinutes',
			'rejectedThreshold',
			'pendingThreshold',
			'deployments',
			'pattern',
			'options',
		]);
	});

	it.each([
		[{ events: ['failed', 'disappeared'] }, 'Failed, Disappeared'],
		[{ events: ['becameIdle'], deployments: 'pattern', pattern: 'a-*' }, 'Became Idle: a-*'],
		[{ events: ['stuck'], deployments: 'pattern', pattern: '' }, 'Stuck'],
	])('says below its name what it waits for: %j', (fields, expected) => {
		const type = theEngine().nodeTypes.getByNameAndVersion(TRIGGER);
		expect(resolveSubtitle(type as INodeType, watching(fields))).toBe(expected);
	});
});
