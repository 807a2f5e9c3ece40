import {
	filledText,
	jsonObject,
	minutes,
	optionalWholeNumber,
	wholeNumber,
} from '../../../nodes/MlDeployment/parameters/values';

/** Values that an expression gives where it goes wrong, and how a message names them. */
const NEVER_A_NUMBER: Array<[unknown, string]> = [
	[undefined, 'nothing (undefined)'],
	[null, 'null'],
	['', 'an empty text'],
	[' ', '" "'],
	[true, 'true'],
	[false, 'false'],
	[[], '[]'],
	[[4], '[4]'],
	[{}, '{}'],
	[NaN, 'NaN'],
	[Infinity, 'Infinity'],
	['abc', '"abc"'],
	['-1', '"-1"'],
	['٤', '"٤"'],
];

const NO_WHOLE_NUMBER: Array<[unknown, string]> = [
	...NEVER_A_NUMBER,
	[-1, '-1'],
	[-0, '-0'],
	[1.5, '1.5'],
	['1.5', '"1.5"'],
	['1e3', '"1e3"'],
	['0x10', '"0x10"'],
	['+4', '"+4"'],
	['4 5', '"4 5"'],
	['00', '"00"'],
	[' 0', '" 0"'],
];

describe('a whole number', () => {
	it.each<[unknown, number, number]>([
		[1, 1, 1],
		[4, 1, 4],
		['4', 1, 4],
		[' 4\n', 1, 4],
		['04', 1, 4],
		[0, 0, 0],
		['0', 0, 0],
		[4.0, 1, 4],
	])('may be %j where %i or more is asked for', (value, min, expected) => {
		expect(wholeNumber(value, 'Number of Allocations', min)).toEqual({ ok: true, value: expected });
	});

	it.each([...NO_WHOLE_NUMBER, [0, '0'], ['0', '"0"']])(
		'is not %p, and the message says %s',
		(value, named) => {
			expect(wholeNumber(value, 'Number of Allocations', 1)).toEqual({
				ok: false,
				problem: {
					message: `'Number of Allocations' is ${named}, but has to be a whole number of 1 or more`,
					next: "Enter a whole number of 1 or more in 'Number of Allocations'. If it comes from an expression, check that the expression finds its value",
				},
			});
		},
	);

	it.each(NO_WHOLE_NUMBER)('is not %p where 0 is allowed either', (value) => {
		expect(wholeNumber(value, 'Retries', 0).ok).toBe(false);
	});

	it.each([3_000_000_000, '3000000000', 1e300])(
		'is not %j, which no cluster can count',
		(value) => {
			expect(wholeNumber(value, 'Number of Allocations', 1).ok).toBe(false);
		},
	);

	it('may be as large as nine digits', () => {
		for (const value of [999_999_999, '999999999']) {
			expect(wholeNumber(value, 'Retries', 0)).toEqual({ ok: true, value: 999_999_999 });
		}
		expect(wholeNumber(1_000_000_000, 'Retries', 0).ok).toBe(false);
	});

	it('is named whole where it has 60 characters with its quotes', () => {
		const value = 'x'.repeat(58);
		expect(wholeNumber(value, 'Retries', 0)).toMatchObject({
			problem: { message: expect.stringContaining(`is "${value}", but`) as string },
		});
	});

	it('is named by its beginning where it is long', () => {
		const checked = wholeNumber('x'.repeat(100), 'Retries', 0);
		expect(checked).toMatchObject({
			problem: {
				message: `'Retries' is "${'x'.repeat(59)}…, but has to be a whole number of 0 or more`,
			},
		});
	});

	const circular: Record<string, unknown> = {};
	circular.self = circular;

	it.each<[string, unknown]>([
		['goes round in a circle', circular],
		['is a BigInt', BigInt(4)],
		['is a function', () => 4],
		['is a symbol', Symbol('four')],
	])('is refused in words, also a value that %s', (_what, value) => {
		const message = expect.stringMatching(
			/^'Retries' is .+, but has to be a whole number/,
		) as string;
		expect(wholeNumber(value, 'Retries', 0)).toMatchObject({ ok: false, problem: { message } });
	});
});

describe('an optional whole number', () => {
	it.each([null, ''])('is absent where the field holds %j', (value) => {
		expect(optionalWholeNumber(value, 'Minimum', 0)).toEqual({ ok: true, value: undefined });
	});

	it.each([0, '0', 4, '4'])('may be %j', (value) => {
		expect(optionalWholeNumber(value, 'Minimum', 0)).toEqual({ ok: true, value: Number(value) });
	});

	it.each([undefined, ' ', true, [], {}, -1, 1.5, '1e3', NaN])('is not %p', (value) => {
		const expected = wholeNumber(value, 'Minimum', 0);
		expect(optionalWholeNumber(value, 'Minimum', 0)).toEqual(expected);
		expect(expected.ok).toBe(false);
	});
});

describe('minutes', () => {
	it.each<[unknown, number]>([
		[0, 0],
		[30, 30],
		[1.5, 1.5],
		['30', 30],
		[' 1.5 ', 1.5],
	])('may be %j', (value, expected) => {
		expect(minutes(value, 'Only If Idle')).toEqual({ ok: true, value: expected });
	});

	it.each([...NEVER_A_NUMBER, [-1, '-1'], ['Infinity', '"Infinity"']])(
		'are not %p, and the message says %s',
		(value, named) => {
			expect(minutes(value, 'Only If Idle')).toEqual({
				ok: false,
				problem: {
					message: `'Only If Idle' is ${named}, but has to be a number of minutes`,
					next: "Enter 0 or more minutes in 'Only If Idle', or remove the option",
				},
			});
		},
	);
});

describe('a text for a model', () => {
	it.each(['Berlin', ' Berlin ', '0', 'null'])('may be %j, and stays as it is', (value) => {
		expect(filledText(value, 'Text')).toEqual({ ok: true, value });
	});

	it.each(['', ' ', '\n\t'])('is not %j', (value) => {
		const problem = {
			message: "'Text' is empty, but has to be filled in",
			next: "Fill in 'Text'. If it comes from an expression, check that the expression finds its value",
		};
		expect(filledText(value, 'Text')).toEqual({ ok: false, problem });
	});

	it.each([undefined, null, true, {}, ['x'], NaN])('is not %p', (value) => {
		expect(filledText(value, 'Text')).toMatchObject({ ok: false });
	});
});

describe('a JSON object', () => {
	it.each([{ ner: {} }, '{ "ner": {} }'])('may be %j', (value) => {
		expect(jsonObject(value, 'Inference Config')).toEqual({ ok: true, value: { ner: {} } });
	});

	it.each(['', '{', '[]', '1', 'null', [], null, undefined, 1])('is not %j', (value) => {
		const message = expect.stringMatching(/^'Inference Config' is .+ JSON object$/) as string;
		const next = "Check brackets and quotes in 'Inference Config', or remove the option";
		const problem = { message, next };
		expect(jsonObject(value, 'Inference Config')).toEqual({ ok: false, problem });
	});
});
