import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { operations } from '../../../nodes/MlDeployment/operations';
import type { Operation } from '../../../nodes/MlDeployment/execution/operation';
import { ItemInput } from '../../../nodes/MlDeployment/parameters/itemParameters';

const RESTORE = { schema: 1, model_id: 'm', deployment_id: 'x', number_of_allocations: 1 };

/** Values that lead an operation past all its readers; it takes those that it declares whole. */
const WAYS: IDataObject[] = [
	{},
	{ target: 'pattern' },
	{ allocationMode: 'adaptive' },
	{ startFrom: 'restore', restore: RESTORE },
	{ startFrom: 'remembered' },
	{ ifNotRunning: 'startModel' },
	{ ifNotRunning: 'startFromRestore', restore: RESTORE },
	{ ifNotRunning: 'startRemembered' },
	...['exactly', 'atLeast', 'atMost'].map((sizeRule) => ({ sizeRule })),
	// A stop.
	{ sizeRule: 'exactly', numberOfAllocations: 0 },
	{ sizeRule: 'exactly', numberOfAllocations: 0, target: 'pattern' },
];

/** What the runner and the agent guard read, whatever the operation. */
const READ_ELSEWHERE = ['allowAgentUse', 'details', 'maxConcurrency', 'whenSomeFail'].map(
	(name) => `options.${name}`,
);

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
	const isDeclared = (name: string): boolean => fields.some((each) => each.name === name);
	for (const way of WAYS.filter((each) => Object.keys(each).every(isDeclared))) {
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
