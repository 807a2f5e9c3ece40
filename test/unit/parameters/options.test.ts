import type { INodeParameters } from 'n8n-workflow';

import { description, everything, offered, OPERATIONS, optionsIn } from './declared';

const REQUEST = { requestTimeout: 60, maxConcurrency: 4, retries: 3 };
const STOP = {
	force: true,
	finishPendingWork: true,
	exclude: '',
	includeEndpointOwned: true,
	ignoreMissing: true,
	onlyIfIdleMinutes: 60,
	minAgeMinutes: 60,
	requireRestore: false,
	whenSomeFail: 'goOn',
};
const START = {
	cacheSize: '100mb',
	priority: 'low',
	queueCapacity: 10000,
	threadsPerAllocation: 2,
};
const RESIZE = { whenAdaptive: 'setBounds', whenEndpointOwned: 'inferenceApi', noMaximum: true };
const WAIT = { waitFor: 'fully_allocated', waitTimeout: 300 };
const PROBE = { probe: 'Is anybody there?' };
const CHANGE = { details: true, allowAgentUse: true };

/**
 * Names are public, for workflows save them. What an option shows when it is added does something;
 * what holds without it is decided where it is read.
 */
describe('the contract with saved workflows: the options of', () => {
	it.each<[string, INodeParameters]>([
		['clearCache', { allowAgentUse: true, ...REQUEST }],
		['get', REQUEST],
		['getMany', REQUEST],
		[
			'infer',
			{
				inferenceConfig: '{ "text_classification": { "num_top_classes": 3 } }',
				inferenceTimeout: 30,
				inputField: 'text_field',
				waitTimeout: 300,
				allowAgentUse: true,
				...REQUEST,
			},
		],
		['scale', { ...RESIZE, ...STOP, ...START, ...WAIT, ...PROBE, ...CHANGE, ...REQUEST }],
		[
			'start',
			{
				newDeploymentId: '',
				...START,
				whenExists: 'update',
				...WAIT,
				...PROBE,
				whenSomeFail: 'goOn',
				whenModelDeleted: 'forget',
				...CHANGE,
				...REQUEST,
			},
		],
		['stop', { allowNoMatch: false, ...STOP, ...CHANGE, ...REQUEST }],
		['update', { ...RESIZE, ...WAIT, ...CHANGE, ...REQUEST }],
		['waitUntilReady', { ...PROBE, waitTimeout: 300, ...REQUEST }],
	])('%s', (operation, expected) => {
		const options = optionsIn(operation);
		expect(Object.fromEntries(options.map((each) => [each.name, each.default]))).toEqual(expected);
		expect(options).toHaveLength(Object.keys(expected).length);
	});

	it.each([
		['whenSomeFail', ['endAfterAll', 'goOn']],
		['whenAdaptive', ['setBounds', 'error', 'turnOff']],
		['whenEndpointOwned', ['error', 'inferenceApi']],
		['waitFor', ['fully_allocated', 'started']],
	])('every operation that has %s, which may be %j', (name, expected) => {
		const found = OPERATIONS.flatMap(optionsIn).filter((option) => option.name === name);
		expect(found.length).toBeGreaterThan(1);
		for (const { options = [] } of found) {
			expect(options.map((option) => 'value' in option && option.value)).toEqual(expected);
		}
	});
});

describe('the collection of options', () => {
	it.each(OPERATIONS)('of %s is sorted by its labels, as n8n asks', (operation) => {
		const labels = optionsIn(operation).map(({ displayName }) => displayName);
		expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b)));
	});

	it('holds values of kinds that n8n knows, and its fields do', () => {
		const inOptions = new Set(OPERATIONS.flatMap(optionsIn).map(({ type }) => type));
		const kinds = ['boolean', 'json', 'number', 'options', 'string'];
		expect([...inOptions].sort()).toEqual(kinds);
		const all = new Set(everything().map(({ type }) => type));
		expect([...all].sort()).toEqual([...kinds, 'collection', 'resourceLocator'].sort());
	});
});

describe('an option is offered only where it does something:', () => {
	it.each<[string, string[], string, INodeParameters, INodeParameters]>([
		[
			'for a pattern',
			['exclude', 'includeEndpointOwned', 'whenSomeFail'],
			'stop',
			{ target: 'pattern' },
			{ target: 'one' },
		],
		['for one deployment', ['ignoreMissing'], 'stop', { target: 'one' }, { target: 'pattern' }],
		[
			'for a fixed number',
			['whenAdaptive', 'whenEndpointOwned'],
			'update',
			{ allocationMode: 'fixed' },
			{ allocationMode: 'adaptive' },
		],
		[
			'for adaptive allocations',
			['noMaximum'],
			'update',
			{ allocationMode: 'adaptive' },
			{ allocationMode: 'fixed' },
		],
		[
			'for a number of 0',
			['force', 'finishPendingWork', 'onlyIfIdleMinutes', 'minAgeMinutes', 'requireRestore'],
			'scale',
			{ numberOfAllocations: 0 },
			{ numberOfAllocations: 1 },
		],
		[
			'for a number that an expression gives',
			['force', 'ignoreMissing'],
			'scale',
			{ numberOfAllocations: '={{ $json.n }}' },
			{ numberOfAllocations: 2 },
		],
		[
			'for a start of the model',
			['cacheSize', 'priority', 'queueCapacity', 'threadsPerAllocation'],
			'scale',
			{ ifNotRunning: 'startModel' },
			{ ifNotRunning: 'startRemembered' },
		],
		[
			'for what is remembered',
			['whenSomeFail', 'whenModelDeleted'],
			'start',
			{ startFrom: 'remembered' },
			{ startFrom: 'fields' },
		],
	])('%s %j of %s', (_where, names, operation, there, elsewhere) => {
		expect(offered(operation, there)).toEqual(expect.arrayContaining(names));
		const found = offered(operation, elsewhere);
		expect(names.filter((name) => found.includes(name))).toEqual([]);
	});

	it('that of a stop for one deployment not in a scale of a pattern to 0', () => {
		const zero = { numberOfAllocations: 0 };
		expect(offered('scale', { ...zero, target: 'one' })).toContain('ignoreMissing');
		expect(offered('scale', { ...zero, target: 'pattern' })).not.toContain('ignoreMissing');
	});

	it('the use by agents in tools alone', () => {
		const tool = `${description.name}Tool`;
		for (const operation of ['clearCache', 'infer', 'scale', 'start', 'stop', 'update']) {
			expect(offered(operation, {}, tool)).toContain('allowAgentUse');
			expect(offered(operation)).not.toContain('allowAgentUse');
		}
	});

	it('how a request is sent, always', () => {
		for (const operation of OPERATIONS) {
			expect(offered(operation)).toEqual(expect.arrayContaining(Object.keys(REQUEST)));
		}
	});
});

it('an expression decides neither what fields there are, nor how many items are worked on, nor what an agent may', () => {
	const fixed = everything().filter((each) => each.noDataExpression);
	expect([...new Set(fixed.map(({ name }) => name))].sort()).toEqual([
		'allowAgentUse',
		'maxConcurrency',
		'operation',
		'resource',
		'startFrom',
		'target',
	]);
});

it.each([
	['requestTimeout', 1],
	['maxConcurrency', 1],
	['waitTimeout', 1],
	['inferenceTimeout', 1],
	['queueCapacity', 1],
	['retries', 0],
])('%s is %i or more', (name, least) => {
	const found = OPERATIONS.flatMap(optionsIn).filter((option) => option.name === name);
	expect(found.length).toBeGreaterThan(0);
	for (const { typeOptions } of found) expect(typeOptions?.minValue).toBe(least);
});
