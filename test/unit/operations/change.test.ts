import type { IDataObject } from 'n8n-workflow';

import {
	asSeen,
	outputOf,
	type Change,
} from '../../../nodes/MlDeployment/operations/shared/change';
import { ABSENT, settingsOf } from '../../../nodes/elasticsearch/deployment/deployment';
import { CHANGE_KEYS } from '../../given';
import { deployment } from '../builders';

const RUNS = settingsOf(deployment({ numberOfAllocations: 2, threadsPerAllocation: 4 }));
const RESTORE = { schema: 1, model_id: 'm' };
const REQUEST = {
	method: 'POST',
	purpose: 'stop',
	changes: true,
	path: '/x',
	repeat: 'never',
} as const;
const NOTHING = { pipelines: [], aliases: [], inference_endpoints: [] };

const GONE = { state: 'not_deployed', number_of_allocations: 0, vcpus: 0 };
const UNKNOWN = { state: null, number_of_allocations: null, vcpus: null };
const STARTED = { state: 'started', number_of_allocations: 2, vcpus: 8 };

describe('the output of a change', () => {
	it.each<[string, Omit<Change, 'id'>, IDataObject]>([
		[
			'a stop',
			{ action: 'stop', before: RUNS, after: ABSENT, restore: RESTORE },
			{ action: 'stop', changed: true, ...GONE, vcpus_before: 8, restore: JSON.stringify(RESTORE) },
		],
		[
			'a stop whose end is not known',
			{ action: 'stop', reason: 'unknown_outcome', before: RUNS, restore: RESTORE },
			{
				action: 'stop',
				changed: false,
				reason: 'unknown_outcome',
				...UNKNOWN,
				vcpus_before: 8,
				restore: JSON.stringify(RESTORE),
			},
		],
		[
			'a start',
			{ action: 'start', before: ABSENT, after: RUNS },
			{ action: 'start', changed: true, ...STARTED, vcpus_before: 0 },
		],
		[
			'an update that nobody looked before',
			{ action: 'update', after: RUNS },
			{ action: 'update', changed: true, ...STARTED },
		],
		[
			'an update whose answer tells nothing',
			{ action: 'update' },
			{ action: 'update', changed: true, ...UNKNOWN },
		],
		[
			'what was left alone',
			{ action: 'none', reason: 'excluded', before: RUNS, after: RUNS },
			{ action: 'none', changed: false, reason: 'excluded', ...STARTED, vcpus_before: 8 },
		],
		[
			'what was remembered, whose restore is text already',
			{ action: 'none', reason: 'not_deployed', before: ABSENT, after: ABSENT, restore: '{}' },
			{
				action: 'none',
				changed: false,
				reason: 'not_deployed',
				...GONE,
				vcpus_before: 0,
				restore: '{}',
			},
		],
	])('has for %s ten keys in one order, and no others', (_what, change, expected) => {
		const { json } = outputOf({ id: 'x', ...change });
		expect(Object.keys(json)).toEqual(CHANGE_KEYS);
		const absent = { reason: null, vcpus_before: null, restore: null };
		expect(json).toEqual({ deployment_id: 'x', ...absent, dry_run: false, ...expected });
	});

	it('has no id for a pattern that matches nothing', () => {
		const warnings = ["Nothing matches 'x*'"];
		const { json } = outputOf({ id: null, action: 'none', reason: 'no_match', warnings });
		expect(Object.keys(json)).toEqual([...CHANGE_KEYS, 'warnings']);
		expect(json).toMatchObject({ deployment_id: null, ...UNKNOWN, reason: 'no_match', warnings });
	});

	it.each<[string, Partial<Change>, IDataObject]>([
		['the assignment', { assignment: { a: 1 } }, { assignment: { a: 1 } }],
		['that there is no assignment', { assignment: null }, { assignment: null }],
		['what a dry run would not send', { plan: {} }, { request: null, breaks: NOTHING }],
		[
			'what a dry run would send, with its query',
			{ plan: { request: { ...REQUEST, query: { force: 'true' } } } },
			{ request: { method: 'POST', path: '/x?force=true' }, breaks: NOTHING },
		],
		[
			'what a dry run would send, with its body',
			{ plan: { request: { ...REQUEST, body: { number: 2 } } } },
			{ request: { method: 'POST', path: '/x', body: { number: 2 } }, breaks: NOTHING },
		],
		[
			'what it would break',
			{ plan: { breaks: { ...NOTHING, aliases: null } } },
			{ request: null, breaks: { ...NOTHING, aliases: null } },
		],
		['warnings', { warnings: ['Beware'] }, { warnings: ['Beware'] }],
		['no empty list of warnings', { warnings: [] }, {}],
	])('says %s behind the ten keys', (_what, own, expected) => {
		const { json } = outputOf({ id: 'x', action: 'stop', ...own });
		expect(Object.keys(json)).toEqual([...CHANGE_KEYS, ...Object.keys(expected)]);
		expect(json).toMatchObject(expected);
		expect(json.dry_run).toBe('plan' in own);
		expect(json.changed).toBe(!('plan' in own));
	});

	it('keeps model, settings and facts for the option Add Details', () => {
		const facts = { confirmed_by: 'stats' };
		const change: Change = { id: 'x', modelId: 'm', action: 'stop', before: RUNS, after: ABSENT };
		expect(outputOf({ ...change, facts }).details).toEqual({
			model_id: 'm',
			before: RUNS,
			after: ABSENT,
			confirmed_by: 'stats',
		});
		expect(outputOf({ id: 'x', action: 'update' }).details).toEqual({
			model_id: null,
			before: null,
			after: null,
		});
	});
});

it('a later look changes state, number and processors of an output, in their places', () => {
	const done = outputOf({ id: 'x', action: 'start', before: ABSENT, warnings: ['Beware'] });
	const seen = deployment({ id: 'x', modelId: 'm', numberOfAllocations: 3 });
	const { json, details } = asSeen({ ...done, did: "started 'x'" }, seen);
	expect(Object.keys(json)).toEqual([...CHANGE_KEYS, 'warnings']);
	expect(json).toEqual({ ...done.json, state: 'started', number_of_allocations: 3, vcpus: 3 });
	expect(details).toEqual({ model_id: 'm', before: ABSENT, after: settingsOf(seen) });
});
