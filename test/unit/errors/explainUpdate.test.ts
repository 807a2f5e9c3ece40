import { explain } from '../../../nodes/MlDeployment/errors/explain';
import type { Subject } from '../../../nodes/MlDeployment/errors/rule';
import { answered } from '../builders';

const UPDATE: Subject = { doing: 'update', deploymentId: 'my-elser' };
const ACTION = '[cluster:admin/xpack/ml/trained_models/deployment/update]';

const NUMBER = '[number_of_allocations] must be a positive integer;';
const BOTH = '[number_of_allocations] cannot be set if adaptive allocations is enabled;';
const MINIMUM = '[min_number_of_allocations] must be a non-negative integer or null;';
const MAXIMUM = '[max_number_of_allocations] must be a positive integer or null;';
const ORDER = '[min_number_of_allocations] must not be larger than [max_number_of_allocations];';
const LOW = '[number_of_allocations] must be 1 when [priority] is low;';

/** The refused values of docs/elasticsearch-behaviour.md, "Update: errors": the reason, what happened, what to change. */
const VALUES: Array<[string, string, string]> = [
	[NUMBER, 'the number of allocations has to be 1 or more', "'Number of Allocations'"],
	[
		BOTH,
		'its adaptive allocations are on, which rules out a fixed number',
		"the option 'When Adaptive'",
	],
	[
		MINIMUM,
		'the minimum of allocations is not a whole number of 0 or more',
		"'Minimum Number of Allocations'",
	],
	[
		MAXIMUM,
		'the maximum of allocations is not a whole number of 1 or more',
		"'Maximum Number of Allocations'",
	],
	[ORDER, 'its minimum of allocations would be above its maximum', "the option 'No Maximum'"],
	[
		LOW,
		'a low-priority deployment has exactly 1 allocation with 1 thread',
		'start it with normal priority',
	],
];

describe.each(VALUES)('an update that is refused with %s', (part, was, names) => {
	const reason = `Validation Failed: 1: ${part}`;
	const failure = answered(400, 'action_request_validation_exception', reason);
	const { message, next } = explain(failure, UPDATE);

	it('says what happened, what to change and what the cluster said', () => {
		expect(message).toBe(`The deployment 'my-elser' was not changed: ${was}`);
		expect(next).toContain(names);
		expect(next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(true);
	});

	it('is known by its reason, because its type changes between nodes', () => {
		for (const type of ['validation_exception', 'illegal_argument_exception']) {
			expect(explain(answered(400, type, reason), UPDATE)).toEqual({ message, next });
		}
	});
});

it('has another message for each of these', () => {
	const messages = VALUES.map(([part]) => explain(answered(400, 'x', part), UPDATE).message);
	expect(new Set(messages).size).toBe(VALUES.length);
});

it('shows all problems where there are several', () => {
	const reason = `Validation Failed: 1: ${MINIMUM}2: ${MAXIMUM}`;
	expect(explain(answered(400, 'x', reason), UPDATE).next).toContain(reason.slice(0, -1));
});

const NOT_ACCEPTED = 'Elasticsearch did not accept the request';
const UNKNOWN_FIELD = "this version of Elasticsearch doesn't know a field that was sent";

describe('an update whose form is refused', () => {
	it.each([
		[
			'an unknown field',
			`[1:2] ${ACTION} unknown field [foo] did you mean [x]?`,
			UNKNOWN_FIELD,
			'Leave the option out',
		],
		[
			'a number that is a word',
			`[1:2] ${ACTION} failed to parse field [number_of_allocations]`,
			NOT_ACCEPTED,
			'correct the field',
		],
		[
			'another id in the body',
			"Inconsistent model_id; 'a' specified in the body differs from 'b' specified as a URL argument",
			NOT_ACCEPTED,
			'correct the field',
		],
		[
			'broken JSON',
			"[1:3] Unexpected character ('x' (code 120))",
			NOT_ACCEPTED,
			'correct the field',
		],
		['no body', 'request body is required', NOT_ACCEPTED, 'correct the field'],
		[
			'a number in the query that is a word',
			'Failed to parse int parameter [number_of_allocations] with value [abc]',
			NOT_ACCEPTED,
			'correct the field',
		],
		[
			'an unknown parameter',
			'request [/_ml/trained_models/my-elser/deployment/_update] contains unrecognized parameter: [foo] -> did you mean [force]?',
			"this version of Elasticsearch doesn't know a setting that was sent",
			'Leave the option out',
		],
		[
			'a value that no other row knows',
			'Validation Failed: 1: [timeout] must be positive;',
			'Elasticsearch refused the values',
			'correct the fields',
		],
	])('says so: %s', (_what, reason, was, names) => {
		const { message, next } = explain(answered(400, 'x_content_parse_exception', reason), UPDATE);
		expect(message).toBe(`The deployment 'my-elser' was left as it was: ${was}`);
		expect(next).toContain(names);
		expect(next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(true);
	});

	it('says so: an unknown field of the adaptive allocations, which stands in the cause', () => {
		const reason = `[1:2] ${ACTION} failed to parse field [adaptive_allocations]`;
		const cause = '[1:3] [autoscaling_settings] unknown field [foo]';
		const failure = answered(400, 'x_content_parse_exception', reason, {
			caused_by: { type: 'x_content_parse_exception', reason: cause },
		});
		const { message, next } = explain(failure, UPDATE);
		expect(message).toBe(`The deployment 'my-elser' was left as it was: ${UNKNOWN_FIELD}`);
		expect(next.endsWith(`. Elasticsearch said: ${reason}; ${cause}`)).toBe(true);
	});

	it('says from which version on there are adaptive allocations', () => {
		const reason = `[1:2] ${ACTION} unknown field [adaptive_allocations]`;
		const { message, next } = explain(answered(400, 'x_content_parse_exception', reason), UPDATE);
		expect(message).toBe(
			"The deployment 'my-elser' was not changed: this cluster knows no adaptive allocations",
		);
		expect(next).toContain('from Elasticsearch 8.16 on');
		expect(next.endsWith(`. Elasticsearch said: ${reason.replace(/;$/, '')}`)).toBe(true);
	});
});
