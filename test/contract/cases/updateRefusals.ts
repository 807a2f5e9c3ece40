import type { Case, Expected, GivenDeployment } from '../case';
import { stats, update } from '../requests';
import { anything } from '../shape';
import { before, since, stateful, type Versions } from '../versions';
import { ADAPTIVE, CANNOT_BE_SET, FIXED, numbered, refused, unknown, VALIDATION } from './given';

const PARSER = 'cluster:admin/xpack/ml/trained_models/deployment/update';
const VALIDATES = 'Validation Failed: 1: ';

interface Refusal {
	id: string;
	says: string;
	rows: string[];
	body: unknown;
	expect: Expected;
	given?: GivenDeployment[];
	versions?: Versions;
	section?: string;
}

/** One request, which is refused and changes nothing. */
const refusal = ({ body, expect, ...other }: Refusal): Case => ({
	section: 'update-errors',
	given: FIXED,
	...other,
	steps: [{ send: update(other.given === ADAPTIVE ? 'adaptive' : 'fixed', body), expect }],
});

const bounds = (adaptive: object): object => ({ adaptive_allocations: adaptive });

/** What `_update` refuses for the request alone, and by what is stored. */
export const updateRefusals: Case[] = [
	...[0, -3].map((number) =>
		refusal({
			id: `update-to-${number}`,
			says: `${number} allocations are refused`,
			rows: ['`number_of_allocations` is 0 or negative'],
			body: { number_of_allocations: number },
			expect: refused(
				400,
				VALIDATION,
				`${VALIDATES}[number_of_allocations] must be a positive integer;`,
			),
		}),
	),
	refusal({
		id: 'update-empty-object-early',
		says: 'an empty object is a number of 0 for versions before 8.15',
		rows: ['8.6 to 8.14, body `{}`'],
		versions: before('8.15'),
		body: {},
		expect: refused(
			400,
			VALIDATION,
			`${VALIDATES}[number_of_allocations] must be a positive integer;`,
		),
	}),
	refusal({
		id: 'update-number-and-adaptive',
		says: 'a number together with adaptive allocations is refused',
		rows: ['`number_of_allocations` and `adaptive_allocations.enabled` true in one request'],
		versions: since('8.16'),
		body: { number_of_allocations: 2, adaptive_allocations: { enabled: true } },
		expect: {
			...refused(400, VALIDATION, `${CANNOT_BE_SET};`),
			shape: { error: { root_cause: [{ type: VALIDATION, reason: `${CANNOT_BE_SET};` }] } },
		},
	}),
	refusal({
		id: 'update-number-while-adaptive',
		says: 'a number is refused while adaptive allocations are stored as enabled',
		rows: ['`number_of_allocations` while the stored settings are enabled'],
		versions: stateful(since('8.16')),
		given: ADAPTIVE,
		body: { number_of_allocations: 2 },
		expect: { status: 400, reason: CANNOT_BE_SET },
	}),
	refusal({
		id: 'update-minimum-negative',
		says: 'a negative minimum is refused',
		rows: ['minimum below 0 (other than -1)'],
		versions: since('8.16'),
		given: ADAPTIVE,
		body: bounds({ min_number_of_allocations: -2 }),
		expect: refused(
			400,
			VALIDATION,
			`${VALIDATES}[min_number_of_allocations] must be a non-negative integer or null;`,
		),
	}),
	refusal({
		id: 'update-maximum-zero',
		says: 'a maximum of 0 is refused',
		rows: ['maximum below 1 (other than -1)'],
		versions: since('8.16'),
		given: ADAPTIVE,
		body: bounds({ max_number_of_allocations: 0 }),
		expect: refused(
			400,
			VALIDATION,
			`${VALIDATES}[max_number_of_allocations] must be a positive integer or null;`,
		),
	}),
	refusal({
		id: 'update-minimum-above-maximum',
		says: 'a minimum above the maximum is refused',
		rows: ['minimum above maximum'],
		versions: since('8.16'),
		given: ADAPTIVE,
		body: bounds({ min_number_of_allocations: 3, max_number_of_allocations: 2 }),
		expect: refused(
			400,
			VALIDATION,
			`${VALIDATES}[min_number_of_allocations] must not be larger than [max_number_of_allocations];`,
		),
	}),
	refusal({
		id: 'update-minimum-above-stored-maximum',
		says: 'a minimum above the stored maximum is refused after the merge',
		section: 'update-order-of-checks',
		rows: ['Stored and new adaptive settings are merged.'],
		versions: since('8.16'),
		given: ADAPTIVE,
		body: bounds({ min_number_of_allocations: 3 }),
		expect: {
			status: 400,
			mentions: '[min_number_of_allocations] must not be larger than [max_number_of_allocations]',
		},
	}),
	refusal({
		id: 'update-unknown-key',
		says: 'an unknown key is refused in the name of the action',
		rows: ['| unknown key in the body |'],
		body: { foo: 1 },
		expect: {
			status: 400,
			type: 'x_content_parse_exception',
			mentions: `[${PARSER}] unknown field [foo]`,
		},
	}),
	refusal({
		id: 'update-parser-name',
		says: 'the body is read by a strict parser that bears the name of the action',
		section: 'update-parameters',
		rows: ['The body is read by a strict parser that bears the name of the action.'],
		body: { number_of_allocation: 1 },
		expect: { status: 400, mentions: `[${PARSER}] unknown field [number_of_allocation]` },
	}),
	refusal({
		id: 'update-adaptive-early',
		says: 'before 8.15 adaptive_allocations is an unknown key',
		section: 'update-parameters',
		rows: ['| `adaptive_allocations` (8.16 and later) |'],
		versions: before('8.15'),
		body: bounds({ enabled: true }),
		expect: { status: 400, mentions: `[${PARSER}] unknown field [adaptive_allocations]` },
	}),
	refusal({
		id: 'update-unknown-key-inside',
		says: 'an unknown key inside adaptive_allocations is refused, with the cause inside',
		rows: ['| unknown key inside `adaptive_allocations` |'],
		versions: since('8.16'),
		body: bounds({ foo: 1 }),
		expect: {
			status: 400,
			type: 'x_content_parse_exception',
			mentions: `[${PARSER}] failed to parse field [adaptive_allocations]`,
			shape: { error: { caused_by: { reason: anything } } },
		},
	}),
	refusal({
		id: 'update-wrong-type',
		says: 'a text that is no number is refused',
		rows: ['The body is read by a strict parser that bears the name of the action.'],
		body: { number_of_allocations: 'abc' },
		expect: { status: 400, mentions: 'failed to parse field [number_of_allocations]' },
	}),
	refusal({
		id: 'update-other-model-id',
		says: 'a model_id in the body that differs from the path is refused',
		rows: ['`model_id` in the body differs from the path'],
		body: { model_id: 'other', number_of_allocations: 1 },
		expect: { status: 400, reason: "Inconsistent model_id; 'other' specified in the body differs" },
	}),
	{
		id: 'update-malformed',
		says: 'malformed JSON is refused',
		section: 'update-errors',
		rows: ['| malformed JSON |'],
		given: FIXED,
		steps: [
			{
				send: { ...update('fixed'), text: '{"number_of_allocations":1' },
				expect: { status: 400 },
			},
			{ send: { ...update('fixed'), text: '{x' }, expect: { status: 400, mentions: 'character' } },
		],
	},
	{
		id: 'update-no-body',
		says: 'without a number in the query a body is needed',
		section: 'update-parameters',
		rows: ['A body is mandatory. An empty one gives 400'],
		given: FIXED,
		steps: [{ send: update('fixed'), expect: { status: 400 } }],
	},
	{
		id: 'update-unknown-parameter',
		says: 'an unknown query parameter is refused by name',
		section: 'update-errors',
		rows: ['| unknown query parameter |'],
		given: FIXED,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 1 }, '?foo=1'),
				expect: refused(
					400,
					'illegal_argument_exception',
					'request [/_ml/trained_models/{fixed}/deployment/_update] contains unrecognized parameter: [foo]',
				),
			},
			{
				send: update('fixed', { number_of_allocations: 1 }, '?timeou=1s'),
				expect: { status: 400, mentions: '[timeou] -> did you mean [timeout]?' },
			},
		],
	},
	{
		id: 'update-unknown-id',
		says: 'an unknown deployment is 404',
		section: 'update-errors',
		rows: ['| no such deployment | 404 |'],
		steps: [{ send: update('unknown', { number_of_allocations: 1 }), expect: unknown('unknown') }],
	},
	{
		id: 'update-validates-before-it-looks',
		says: 'a bad number of an unknown deployment is 400',
		section: 'update-order-of-checks',
		rows: ['`Request.validate()` runs on the node', 'A missing deployment gives **404**'],
		steps: [
			{
				send: update('unknown', { number_of_allocations: 0 }),
				expect: { status: 400, type: VALIDATION },
			},
			{ send: update('unknown', { number_of_allocations: 1 }), expect: unknown('unknown') },
		],
	},
	{
		id: 'update-parses-first',
		says: 'what cannot be parsed is refused before anything else',
		section: 'update-order-of-checks',
		rows: ['The REST layer parses the request and answers 400'],
		steps: [
			{
				send: update('unknown', { foo: 1 }),
				expect: { status: 400, type: 'x_content_parse_exception' },
			},
		],
	},
	{
		id: 'update-too-many',
		says: 'more allocations than fit give 429, and nothing changes',
		section: 'update-capacity',
		rows: [
			'On self-managed clusters both settings are 0 by default',
			'not enough resources, and no scaling possible',
			'An increase plans all deployments anew. Where scaling is impossible',
		],
		versions: stateful(),
		given: FIXED,
		embedded: () => undefined,
		steps: [
			{
				send: update('fixed', { number_of_allocations: 257 }),
				expect: refused(
					429,
					'status_exception',
					'Could not update deployment because there are not enough resources to provide all requested allocations',
				),
			},
			{
				send: stats('fixed'),
				expect: {
					status: 200,
					shape: { trained_model_stats: [{ deployment_stats: { number_of_allocations: 1 } }] },
				},
			},
			{ send: update('fixed', { number_of_allocations: 1 }), expect: numbered(1) },
		],
	},
];
