import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { operations } from '../../../nodes/MlDeployment/operations';
import type { Operation } from '../../../nodes/MlDeployment/execution/operation';
import { ItemInput } from '../../../nodes/MlDeployment/parameters/itemParameters';

const RESTORE = { schema: 1, model_id: 'm', deployment_id: 'x', number_of_allocations: 1 };

/** Values that lead an operation past all its readers; an operation takes those that it declares. */
const WAYS: IDataObject[] = [
	{},
	{ target: 'pattern' },
	{ allocationMode: 'adaptive' },
	{ startFrom: 'restore', restore: RESTORE },
	{ startIfAbsent: true },
];

/** What the runner and the agent guard read, whatever the operation. */
const READ_ELSEWHERE = ['options.allowAgentUse', 'options.maxConcurrency'];

/** A field by its name; what lies in a collection stands behind its name: "options.force". */
function namesOf({ name, type, options = [] }: INodeProperties): string[] {
	if (type !== 'collection') return [name];
	return options.map((option) => `${name}.${option.name}`);
}

/** A collection that is empty, and notes what is looked for in it. */
function emptyCollection(name: string, read: Set<string>): IDataObject {
	return new Proxy<IDataObject>(
		{},
		{
			has: (_target, option) => {
				read.add(`${name}.${String(option)}`);
				return false;
			},
		},
	);
}

/** The names that an operation reads, whichever way its fields lead. */
function namesReadBy({ fields, prepare }: Operation): string[] {
	const read = new Set<string>();
	for (const way of WAYS) {
		const valueOf = (name: string): unknown => {
			const field = fields.find((each) => each.name === name);
			if (field?.type === 'collection') return emptyCollection(name, read);
			read.add(name);
			if (field === undefined) return undefined;
			const isId = field.type === 'resourceLocator' || field.required;
			return way[name] ?? (isId ? 'x' : field.default);
		};
		prepare(new ItemInput({ getNodeParameter: valueOf } as unknown as IExecuteFunctions, 0));
	}
	return [...read];
}

describe.each(operations.map((operation) => [operation.option.name, operation] as const))(
	'%s',
	(_name, operation) => {
		const declared = operation.fields.flatMap(namesOf);
		const read = namesReadBy(operation);

		it('reads only what it declares', () => {
			expect(read.filter((name) => !declared.includes(name))).toEqual([]);
		});

		it('reads all that it declares', () => {
			const all = [...read, ...READ_ELSEWHERE];
			expect(declared.filter((name) => !all.includes(name))).toEqual([]);
		});
	},
);
