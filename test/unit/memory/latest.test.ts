import type { IDataObject } from 'n8n-workflow';

import { openMemory } from '../../../nodes/MlDeployment/execution/memory';
import { bringUpToDate, noteWritten } from '../../../nodes/MlDeployment/memory/latest';

/** The memory in a trigger's copy of the static data, once it is brought up to date. */
function broughtTo(
	workflowId: string | undefined,
	mlDeployments: unknown = 'as published',
): unknown {
	const staticData = { mlDeployments } as IDataObject;
	bringUpToDate(workflowId, staticData);
	return staticData.mlDeployments;
}

describe('what the runs of a workflow wrote last', () => {
	it('reaches the copy of its trigger, and of no other', () => {
		const [first, last] = [{ version: 1 }, { version: 1, clusters: ['a'] }];
		noteWritten('mine', first);
		noteWritten('mine', last);
		expect(broughtTo('mine')).toBe(last);
		expect(broughtTo('another')).toBe('as published');
	});

	it('is what a stop remembers, where n8n saves it', () => {
		const staticData: IDataObject = {};
		openMemory({ staticData, flow: {}, savedFor: 'mine' }).visit('a cluster');
		expect(broughtTo('mine')).toBe(staticData.mlDeployments);
	});

	it('is nothing for a workflow that is not saved', () => {
		noteWritten(undefined, { version: 1 });
		expect(broughtTo(undefined)).toBe('as published');
	});

	it('is not assigned to a copy that has it, because n8n saves what is assigned to', () => {
		const memory = { version: 1 };
		noteWritten('mine', memory);
		const set = jest.fn(() => true);
		bringUpToDate('mine', new Proxy<IDataObject>({ mlDeployments: memory }, { set }));
		expect(set).not.toHaveBeenCalled();
	});

	it('is kept for the 1000 workflows that wrote last', () => {
		for (let each = 0; each < 1_000; each++) noteWritten(`w${each}`, { each });
		noteWritten('w0', { again: true });
		expect(broughtTo('w1')).toEqual({ each: 1 });
		noteWritten('one more', {});
		expect(broughtTo('w0')).toEqual({ again: true });
		expect(broughtTo('w1')).toBe('as published');
		expect(broughtTo('w2')).toEqual({ each: 2 });
	});
});
