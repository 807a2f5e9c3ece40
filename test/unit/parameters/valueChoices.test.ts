import { oneOf, text, trueOrFalse } from '../../../nodes/MlDeployment/parameters/values';

const EXPRESSION = 'If it comes from an expression, check that the expression finds its value';

describe('a switch', () => {
	it.each<[unknown, boolean]>([
		[true, true],
		['true', true],
		[false, false],
		['false', false],
	])('may be %j', (value, expected) => {
		expect(trueOrFalse(value, 'Force')).toEqual({ ok: true, value: expected });
	});

	it.each<[unknown, string]>([
		[undefined, 'nothing (undefined)'],
		[null, 'null'],
		['', 'an empty text'],
		[' ', '" "'],
		['yes', '"yes"'],
		['TRUE', '"TRUE"'],
		[1, '1'],
		[0, '0'],
		[NaN, 'NaN'],
		[[], '[]'],
		[{}, '{}'],
	])('is not %p, and the message says %s', (value, named) => {
		expect(trueOrFalse(value, 'Force')).toEqual({
			ok: false,
			problem: {
				message: `'Force' is ${named}, but has to be true or false`,
				next: `Switch 'Force' on or off. ${EXPRESSION}`,
			},
		});
	});
});

describe('a text', () => {
	it.each<[unknown, string]>([
		['my-elser', 'my-elser'],
		['', ''],
		[' ', ' '],
		[42, '42'],
		[0, '0'],
	])('may be %j', (value, expected) => {
		expect(text(value, 'Deployment')).toEqual({ ok: true, value: expected });
	});

	it.each<[unknown, string]>([
		[undefined, 'nothing (undefined)'],
		[null, 'null'],
		[true, 'true'],
		[false, 'false'],
		[['a'], '["a"]'],
		[{}, '{}'],
		// As a pattern to exclude, the text "NaN" would protect nothing.
		[NaN, 'NaN'],
		[Infinity, 'Infinity'],
	])('is not %p, and the message says %s', (value, named) => {
		expect(text(value, 'Deployment')).toEqual({
			ok: false,
			problem: {
				message: `'Deployment' is ${named}, but has to be a text`,
				next: `Fill in 'Deployment'. ${EXPRESSION}`,
			},
		});
	});
});

describe('a choice', () => {
	const allowed = ['error', 'setBounds', 'turnOff'] as const;

	it.each(allowed)('may be %j', (value) => {
		expect(oneOf(value, 'If Adaptive Allocations Are On', allowed)).toEqual({ ok: true, value });
	});

	it.each<[unknown, string]>([
		[undefined, 'nothing (undefined)'],
		[null, 'null'],
		['', 'an empty text'],
		['Error', '"Error"'],
		['error ', '"error "'],
		[['error'], '["error"]'],
		[true, 'true'],
		[0, '0'],
		[NaN, 'NaN'],
	])('is not %p, and the message says %s', (value, named) => {
		expect(oneOf(value, 'If Adaptive Allocations Are On', allowed)).toEqual({
			ok: false,
			problem: {
				message: `'If Adaptive Allocations Are On' is ${named}, which is none of its values`,
				next: 'Use one of: error, setBounds, turnOff',
			},
		});
	});
});
