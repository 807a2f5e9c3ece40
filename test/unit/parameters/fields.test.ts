import type { INodeParameters } from 'n8n-workflow';

import { fieldsOf, OPERATIONS, shown } from './declared';

const PICKER = { __rl: true, mode: 'list', value: '' };
const LAST = { dryRun: false, options: {} };

/**
 * Names and defaults are public: workflows save the names, and leave out what equals its default.
 * Whoever has to change this table needs a new version of the node.
 */
describe('the contract with saved workflows: the fields of', () => {
	it.each<[string, INodeParameters, INodeParameters]>([
		['clearCache', {}, { deploymentId: PICKER, options: {} }],
		['get', {}, { deploymentId: PICKER, output: 'simplified', options: {} }],
		[
			'getMany',
			{},
			{ returnAll: false, limit: 50, output: 'simplified', filters: {}, options: {} },
		],
		['getMany', { returnAll: true }, { output: 'simplified', filters: {}, options: {} }],
		['infer', {}, { deploymentId: PICKER, text: '', options: {} }],
		[
			'scale',
			{},
			{
				target: 'one',
				deploymentId: PICKER,
				allocationMode: 'fixed',
				sizeRule: 'exactly',
				numberOfAllocations: 1,
				ifNotRunning: 'error',
				...LAST,
			},
		],
		[
			'scale',
			{ target: 'pattern', allocationMode: 'adaptive' },
			{
				pattern: '',
				maxMatches: 25,
				minNumberOfAllocations: '',
				maxNumberOfAllocations: '',
				ifNotRunning: 'error',
				...LAST,
			},
		],
		[
			'scale',
			{ sizeRule: 'atMost' },
			{
				target: 'one',
				deploymentId: PICKER,
				allocationMode: 'fixed',
				numberOfAllocations: 1,
				...LAST,
			},
		],
		[
			'scale',
			{ ifNotRunning: 'startModel' },
			{
				target: 'one',
				deploymentId: PICKER,
				allocationMode: 'fixed',
				sizeRule: 'exactly',
				numberOfAllocations: 1,
				modelId: PICKER,
				...LAST,
			},
		],
		[
			'scale',
			{ ifNotRunning: 'startFromRestore' },
			{
				target: 'one',
				deploymentId: PICKER,
				allocationMode: 'fixed',
				sizeRule: 'exactly',
				numberOfAllocations: 1,
				restore: '={{ $json.restore }}',
				...LAST,
			},
		],
		[
			'start',
			{},
			{
				startFrom: 'fields',
				modelId: PICKER,
				allocationMode: 'fixed',
				numberOfAllocations: 1,
				...LAST,
			},
		],
		[
			'start',
			{ allocationMode: 'adaptive' },
			{
				startFrom: 'fields',
				modelId: PICKER,
				minNumberOfAllocations: '',
				maxNumberOfAllocations: '',
				...LAST,
			},
		],
		['start', { startFrom: 'restore' }, { restore: '={{ $json.restore }}', ...LAST }],
		['start', { startFrom: 'remembered' }, { pattern: '*', ...LAST }],
		['stop', {}, { target: 'one', deploymentId: PICKER, ...LAST }],
		['stop', { target: 'pattern' }, { pattern: '', maxMatches: 25, ...LAST }],
		[
			'update',
			{},
			{ deploymentId: PICKER, allocationMode: 'fixed', numberOfAllocations: 1, ...LAST },
		],
		[
			'update',
			{ allocationMode: 'adaptive' },
			{
				deploymentId: PICKER,
				minNumberOfAllocations: '',
				maxNumberOfAllocations: '',
				...LAST,
			},
		],
		[
			'waitUntilReady',
			{},
			{
				deploymentId: PICKER,
				waitFor: 'fully_allocated',
				output: 'simplified',
				options: {},
			},
		],
	])('%s with %j', (operation, chosen, expected) => {
		expect(shown(operation, chosen)).toEqual({ ...expected, ...chosen });
	});

	it.each([
		['target', ['one', 'pattern']],
		['allocationMode', ['fixed', 'adaptive']],
		['output', ['simplified', 'full', 'raw']],
	])('every operation that has %s, which may be %j', (name, expected) => {
		const found = OPERATIONS.flatMap(fieldsOf).filter((field) => field.name === name);
		expect(found.length).toBeGreaterThan(1);
		for (const { options = [] } of found) {
			expect(options.map((option) => 'value' in option && option.value)).toEqual(expected);
		}
	});
});

describe('a field', () => {
	it('has its name once among those that an operation shows at the same time', () => {
		for (const operation of OPERATIONS) {
			const names = fieldsOf(operation).map(({ name }) => name);
			expect(names).toEqual([...new Set(names)]);
		}
	});

	it.each(['deploymentId', 'modelId'])(
		'%s is picked from a list of the cluster, or typed',
		(name) => {
			const lists = { deploymentId: 'searchDeployments', modelId: 'searchModels' };
			const found = OPERATIONS.flatMap(fieldsOf).filter((field) => field.name === name);
			expect(found.length).toBeGreaterThan(1);
			for (const { type, modes } of found) {
				expect(type).toBe('resourceLocator');
				expect(modes).toMatchObject([
					{
						name: 'list',
						type: 'list',
						typeOptions: {
							searchListMethod: lists[name as keyof typeof lists],
							searchable: true,
						},
					},
					{ name: 'id', type: 'string' },
				]);
			}
		},
	);

	// n8n marks an empty field that is required, and refuses to run the node.
	it.each([
		['clearCache', ['deploymentId']],
		['get', ['deploymentId']],
		['getMany', []],
		['infer', ['deploymentId', 'text']],
		['scale', ['deploymentId', 'pattern']],
		['start', ['modelId', 'restore', 'pattern']],
		['stop', ['deploymentId', 'pattern']],
		['update', ['deploymentId']],
		['waitUntilReady', ['deploymentId']],
	])('of %s is required where it is one of %j', (operation, expected) => {
		const required = fieldsOf(operation).filter((field) => field.required);
		expect(required.map(({ name }) => name)).toEqual(expected);
	});

	it('for a number of allocations shows no decimals, and the editor corrects no number below 1', () => {
		const numbers = OPERATIONS.flatMap(fieldsOf).filter(({ name }) => /OfAllocations$/.test(name));
		expect(numbers.length).toBeGreaterThan(6);
		for (const { name, typeOptions, type } of numbers) {
			expect(type).toBe('number');
			expect(typeOptions?.numberPrecision).toBe(0);
			const least = { minNumberOfAllocations: 0, maxNumberOfAllocations: 1 };
			expect(typeOptions?.minValue).toBe(least[name as keyof typeof least]);
		}
	});

	it.each([
		['maxMatches', 1],
		['limit', 1],
	])('%s is %i or more', (name, least) => {
		const found = OPERATIONS.flatMap(fieldsOf).filter((field) => field.name === name);
		expect(found.length).toBeGreaterThan(0);
		for (const { typeOptions } of found) expect(typeOptions?.minValue).toBe(least);
	});
});
