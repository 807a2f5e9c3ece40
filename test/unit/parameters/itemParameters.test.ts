import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import {
	allocationMode,
	deploymentId,
	dryRun,
	maxMatches,
	modelId,
	pattern,
	restore,
} from '../../../nodes/MlDeployment/parameters/fields';
import type { ItemInput } from '../../../nodes/MlDeployment/parameters/itemParameters';
import {
	exclude,
	force,
	maxConcurrency,
	noMaximum,
	probe,
	waitFor,
} from '../../../nodes/MlDeployment/parameters/options';
import { itemOf, picked, refusalOf } from './itemOf';

const RESTORE = { schema: 1, model_id: 'm', deployment_id: 'x', number_of_allocations: 1 };

const option = (own: Partial<INodeProperties>): INodeProperties => ({
	displayName: 'Some Option',
	name: 'some',
	type: 'string',
	default: '',
	...own,
});

const withOption = (field: INodeProperties, value: unknown): ItemInput =>
	itemOf({ options: { [field.name]: value } as IDataObject });

describe('a refusal', () => {
	it('names the item, what is wrong, and the next step as a sentence', () => {
		const error = refusalOf(() => itemOf({ maxMatches: 0 }).number(maxMatches));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: "'Max Matches' is 0, but has to be a whole number of 1 or more",
			description: expect.stringMatching(/^Enter a whole number .+ finds its value\.$/) as string,
			context: { itemIndex: 2 },
		});
	});

	it('shows of a long value its beginning only', () => {
		const long = `${'x'.repeat(3_000)}*`;
		const error = refusalOf(() => itemOf({ deploymentId: picked(long) }).deploymentId());
		expect(error.message).toBe(`'${'x'.repeat(59)}…' is a pattern, not one deployment id`);
	});

	it('keeps its words where they contain a code for which n8n has a stock text', () => {
		const error = refusalOf(() => itemOf({ deploymentId: picked('EPERM *') }).deploymentId());
		expect(error.message).toContain('EPERM *');
	});
});

describe('a field is read', () => {
	const item = itemOf({
		deploymentId: picked('x'),
		modelId: picked('.elser_model_2'),
		pattern: 'elser-*, e5',
		maxMatches: '7',
		dryRun: true,
		allocationMode: 'adaptive',
		text: ' Berlin ',
		filters: { some: 'inside' },
	});

	it.each<[string, (from: ItemInput) => unknown, unknown]>([
		['as a number', (from) => from.number(maxMatches), 7],
		['as a switch', (from) => from.flag(dryRun), true],
		['as a choice', (from) => from.choice(allocationMode), 'adaptive'],
		['as the id of a deployment', (from) => from.deploymentId(), 'x'],
		['as the id of a model', (from) => from.id(modelId, 'model'), '.elser_model_2'],
		['as a pattern', (from) => from.pattern(), ['elser-*', 'e5']],
		['as a text', (from) => from.text(option({ name: 'text' })), ' Berlin '],
		[
			'within another collection',
			(from) => from.within(option({ name: 'filters' })).optionalText(option({})),
			'inside',
		],
		[
			'within a collection that n8n did not save',
			(from) => from.within(option({ name: 'absent' })).optionalText(option({})),
			undefined,
		],
	])('%s', (_how, read, expected) => {
		expect(read(item)).toEqual(expected);
	});

	it('as a switch that is off where n8n saved nothing', () => {
		expect(itemOf({}).flag(dryRun)).toBe(false);
	});
});

describe('a field is refused, by its label,', () => {
	it.each<[string, IDataObject, (from: ItemInput) => unknown, string]>([
		[
			'below its own minimum',
			{ maxMatches: 0 },
			(from) => from.number(maxMatches),
			"'Max Matches' is 0, but has to be a whole number of 1 or more",
		],
		[
			'as no switch',
			{ dryRun: 'maybe' },
			(from) => from.flag(dryRun),
			'\'Dry Run\' is "maybe", but has to be true or false',
		],
		[
			'as none of its values',
			{ allocationMode: 'both' },
			(from) => from.choice(allocationMode),
			'\'Allocation Mode\' is "both", which is none of its values',
		],
		[
			'as an empty text',
			{ text: ' ' },
			(from) => from.text(option({ name: 'text', displayName: 'Text' })),
			"'Text' is empty, but has to be filled in",
		],
		[
			'as no id',
			{ deploymentId: picked(null) },
			(from) => from.deploymentId(),
			"'Deployment' is null, but has to be a text",
		],
		[
			'as no pattern',
			{ pattern: true },
			(from) => from.pattern(),
			"'Pattern' is true, but has to be a text",
		],
	])('%s', (_how, fields, read, message) => {
		expect(refusalOf(() => read(itemOf(fields))).message).toBe(message);
	});

	it.each<[string, string, RegExp]>([
		['a pattern', 'elser-*', /elser-\*/],
		['nothing', '', /empty/i],
	])('where an id is %s', (_what, id, message) => {
		for (const [field, of] of [
			[deploymentId, 'deployment'],
			[modelId, 'model'],
		] as const) {
			const item = itemOf({ [field.name]: picked(id) });
			const refusal = refusalOf(() => item.id(field, of));
			expect(refusal.message).toMatch(message);
			expect(`${refusal.message} ${refusal.description}`).toContain(of);
		}
	});

	it('as no deployment where the picker is empty', () => {
		expect(refusalOf(() => itemOf({ deploymentId: picked('') }).deploymentId())).toMatchObject({
			message: 'The deployment id is empty',
			description: 'Pick a deployment from the list or enter its id.',
		});
	});

	it('where a pattern leaves something out, with the option that does so', () => {
		const error = refusalOf(() => itemOf({ pattern: '*,-e5' }).pattern());
		expect(error.description).toMatch(/name it in the option 'Exclude'/);
	});
});

describe('a choice that the editor sorts otherwise than messages do', () => {
	it('takes and names the values in the order that is given', () => {
		const values = ['adaptive', 'fixed'] as const;
		const item = itemOf({ allocationMode: 'both', options: { waitFor: 'never' } });
		expect(refusalOf(() => item.choice(allocationMode, values)).description).toBe(
			'Use one of: adaptive, fixed.',
		);
		expect(refusalOf(() => item.choice(allocationMode)).description).toBe(
			'Use one of: fixed, adaptive.',
		);
		expect(refusalOf(() => item.optionalChoice(waitFor, 'x', ['started'])).description).toBe(
			'Use one of: started.',
		);
		expect(refusalOf(() => item.optionalChoice(waitFor, 'x')).description).toBe(
			'Use one of: fully_allocated, started.',
		);
	});
});

describe('the field Restore', () => {
	it.each([null, 'null'])('says by %j that nothing was stopped', (value) => {
		expect(itemOf({ restore: value }).restored(restore)).toBeUndefined();
	});

	it.each<[string, unknown]>([
		['an object', RESTORE],
		['its JSON text', JSON.stringify(RESTORE)],
	])('may be %s', (_what, value) => {
		expect(itemOf({ restore: value } as IDataObject).restored(restore)).toMatchObject({
			spec: { modelId: 'm', deploymentId: 'x', numberOfAllocations: 1 },
		});
	});

	it('is refused in words where an expression finds nothing', () => {
		expect(refusalOf(() => itemOf({}).restored(restore)).message).toMatch(/restore/i);
	});
});

describe('the deployment of an input item', () => {
	it.each<[IDataObject, string | null]>([
		[{ deployment_id: 'x' }, 'x'],
		[{ deployment_id: null }, null],
		[{ deployment_id: 7 }, null],
		[{}, null],
	])('of %j is %j', (json, expected) => {
		expect(itemOf({}, json).deploymentIdOfItem()).toBe(expected);
	});
});

describe('an option', () => {
	const some = option({});

	it.each<[string, (from: ItemInput) => unknown]>([
		['a text', (from) => from.optionalText(some)],
		['a filled text', (from) => from.optionalFilledText(probe)],
		['an object', (from) => from.optionalObject(some)],
		['minutes', (from) => from.optionalMinutes(some)],
		['a pattern', (from) => from.optionalPattern(exclude, '')],
	])('that is absent is undefined: %s', (_what, read) => {
		expect(read(itemOf({}))).toBeUndefined();
		expect(read(itemOf({ options: {} }))).toBeUndefined();
	});

	it('that is absent has the value that the code gives it, whatever the editor shows', () => {
		const item = itemOf({ options: {} });
		expect(item.optionalFlag(force, false)).toBe(false);
		expect(item.optionalNumber(maxConcurrency, 9)).toBe(9);
		expect(item.optionalChoice(waitFor, 'started')).toBe('started');
		expect(item.optionalId(some, 'deployment', 'mine')).toBe('mine');
		expect(item.requestSettings()).toEqual({ timeoutMs: 60_000, retries: 3 });
		expect(item.requestSettings(420)).toEqual({ timeoutMs: 420_000, retries: 3 });
	});

	it.each<[string, INodeProperties, unknown, (from: ItemInput) => unknown, unknown]>([
		['a text', some, '', (from) => from.optionalText(some), ''],
		['a filled text', probe, 'Hello', (from) => from.optionalFilledText(probe), 'Hello'],
		['an object', some, '{"a":1}', (from) => from.optionalObject(some), { a: 1 }],
		['minutes', some, '1.5', (from) => from.optionalMinutes(some), 1.5],
		['a pattern', exclude, 'a,b', (from) => from.optionalPattern(exclude, ''), ['a', 'b']],
		['a switch', noMaximum, false, (from) => from.optionalFlag(noMaximum, true), false],
		['a number', maxConcurrency, 9, (from) => from.optionalNumber(maxConcurrency, 1), 9],
		['a choice', waitFor, 'started', (from) => from.optionalChoice(waitFor, 'x'), 'started'],
		['an id', some, 'x', (from) => from.optionalId(some, 'model', undefined), 'x'],
	])('that is there is read: %s', (_what, field, value, read, expected) => {
		expect(read(withOption(field, value))).toEqual(expected);
	});

	it.each<[string, INodeProperties, unknown, (from: ItemInput) => unknown]>([
		['a text', some, null, (from) => from.optionalText(some)],
		['a filled text', probe, ' ', (from) => from.optionalFilledText(probe)],
		['an object', some, '[]', (from) => from.optionalObject(some)],
		['minutes', some, -1, (from) => from.optionalMinutes(some)],
		['a switch', noMaximum, 'maybe', (from) => from.optionalFlag(noMaximum, true)],
		['a number', maxConcurrency, 0, (from) => from.optionalNumber(maxConcurrency, 1)],
		['a choice', waitFor, 'never', (from) => from.optionalChoice(waitFor, 'x')],
		['an id', some, 7.5 / 0, (from) => from.optionalId(some, 'model', undefined)],
	])('that is there is refused by its label: no %s', (_what, field, value, read) => {
		const { message } = refusalOf(() => read(withOption(field, value)));
		expect(message).toMatch(new RegExp(`^'${field.displayName}' `));
	});

	it('that leaves something out by a minus is refused with another way', () => {
		const error = refusalOf(() => withOption(exclude, '-e5').optionalPattern(exclude, 'go around'));
		expect(error.description).toMatch(/go around/);
	});

	it('sets the request in seconds, and the retries', () => {
		const item = itemOf({ options: { requestTimeout: 5, retries: 0 } });
		expect(item.requestSettings(420)).toEqual({ timeoutMs: 5_000, retries: 0 });
	});
});

it('the index of an item is told', () => {
	expect(itemOf({}).index).toBe(2);
	expect(itemOf({ pattern: 'x' }).field(pattern)).toBe('x');
});
