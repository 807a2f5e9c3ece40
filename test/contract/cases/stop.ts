import type { Case } from '../case';
import { stats, stop } from '../requests';
import { absent } from '../shape';
import { before, since } from '../versions';
import { FIXED, refused, STOPPED, unknown } from './given';

const gone = {
	status: 200,
	shape: { trained_model_stats: [] },
};
const ILLEGAL = 'illegal_argument_exception';
const STRICT = '?allow_no_match=false';

/** `_stop`: parameters, ids, answer. */
export const stopCases: Case[] = [
	{
		id: 'stop',
		says: 'a stop is answered when the deployment is gone; a second one is 200, or 404 without allow_no_match',
		section: 'stop-answer-and-repetition',
		rows: [
			'The answer is 200 `{"stopped":true}`.',
			'A second stop gives 200',
			'The call is synchronous.',
			'| `allow_no_match` | **true** |',
			'`_start` and `_stop` exist.',
		],
		given: FIXED,
		changes: true,
		steps: [
			{
				send: stop('fixed', STRICT),
				expect: {
					status: 200,
					shape: { stopped: true, task_failures: absent, node_failures: absent },
				},
			},
			{ send: stats('{fix}*'), expect: { status: 200 } },
			{ send: stop('fixed'), expect: STOPPED },
			{ send: stop('fixed', STRICT), expect: unknown('fixed') },
		],
	},
	{
		id: 'stop-gone-from-stats',
		says: 'after the answer the deployment is gone from the statistics',
		section: 'stop-answer-and-repetition',
		rows: ['The call is synchronous.'],
		versions: since('8.8'),
		given: FIXED,
		changes: true,
		steps: [
			{ send: stop('fixed', STRICT), expect: STOPPED },
			{ send: stats('{fix}*'), expect: gone },
		],
	},
	{
		id: 'stop-patterns-stop-nothing',
		says: 'a wildcard or a list gets stopped: true, and nothing stops',
		section: 'stop-exact-ids-only',
		rows: [
			'`_stop` knows no wildcards, no lists and no `_all`.',
			'**200 `{"stopped":true}`, and nothing stops**',
		],
		given: FIXED,
		steps: [
			{ send: stop('{fix}*'), expect: STOPPED },
			{ send: stop('{fixed},{other}'), expect: STOPPED },
			{
				send: stats('fixed'),
				expect: {
					status: 200,
					shape: { trained_model_stats: [{ deployment_stats: { nodes: [{}] } }] },
				},
			},
		],
	},
	{
		id: 'stop-patterns-strict',
		says: 'without allow_no_match they are unknown ids',
		section: 'stop-exact-ids-only',
		rows: ['| the same with `allow_no_match=false` | **404**'],
		given: FIXED,
		steps: [
			{ send: stop('{fix}*', STRICT), expect: unknown('{fix}*') },
			{ send: stop('unknown', STRICT), expect: unknown('unknown') },
		],
	},
	{
		id: 'stop-other-names',
		says: '_all, an alias and the id of a model stop nothing either',
		section: 'stop-exact-ids-only',
		rows: ['**200 `{"stopped":true}`, and nothing stops**'],
		versions: since('8.8'),
		embedded: (cluster, id) => {
			cluster.addModel({ model_id: id('model') });
			cluster.addDeployment({ deployment_id: id('ner'), model_id: id('model') });
			cluster.addAlias({ model_alias: id('alias'), model_id: id('model') });
		},
		steps: [
			{ send: stop('_all'), expect: STOPPED },
			{ send: stop('alias'), expect: STOPPED },
			{ send: stop('{alias}', STRICT), expect: unknown('alias') },
			{
				send: stats('ner'),
				expect: {
					status: 200,
					shape: { trained_model_stats: [{ deployment_stats: { deployment_id: '{ner}' } }] },
				},
			},
		],
	},
	{
		id: 'stop-no-timeout',
		says: 'there is no timeout and no master_timeout',
		section: 'stop-parameters',
		rows: ['There is no `timeout` and no `master_timeout`'],
		steps: ['timeout', 'master_timeout'].map((name) => ({
			send: stop('unknown', `?${name}=30s`),
			expect: refused(
				400,
				ILLEGAL,
				`request [/_ml/trained_models/{unknown}/deployment/_stop] contains unrecognized parameter: [${name}]`,
			),
		})),
	},
	{
		id: 'stop-flags',
		says: 'force without a value is true, finish_pending_work is taken from 8.11 on',
		section: 'stop-parameters',
		rows: [
			'`?force` without a value counts as true.',
			'| `force` | false |',
			'| `finish_pending_work` (8.11 and later) | false |',
			'`_stop` takes `finish_pending_work`.',
			'`finish_pending_work` is missing from the specification',
		],
		versions: since('8.11'),
		steps: [
			{ send: stop('unknown', '?force&finish_pending_work=true'), expect: STOPPED },
			{ send: stop('unknown', '?force=true&allow_no_match=false'), expect: unknown('unknown') },
		],
	},
	{
		id: 'stop-finish-early',
		says: 'before 8.11 finish_pending_work is unknown',
		section: 'stop-parameters',
		rows: ['| `finish_pending_work` (8.11 and later) | false |'],
		versions: before('8.11'),
		steps: [
			{
				send: stop('unknown', '?finish_pending_work=true'),
				expect: { status: 400, mentions: 'unrecognized parameter: [finish_pending_work]' },
			},
		],
	},
	{
		id: 'stop-bad-flag',
		says: 'another text than a boolean is refused',
		section: 'stop-parameters',
		rows: ['`?force` without a value counts as true.'],
		steps: [
			{
				send: stop('unknown', '?force=perhaps'),
				expect: {
					status: 400,
					reason: 'Failed to parse value [perhaps] as only [true] or [false] are allowed.',
				},
			},
		],
	},
	{
		id: 'stop-body',
		says: 'the settings may stand in a body, and then the query is not read',
		section: 'stop-parameters',
		rows: ['The settings can travel in a body instead.'],
		steps: [
			{ send: stop('unknown', '', { allow_no_match: false }), expect: unknown('unknown') },
			{ send: stop('unknown', '', { allow_no_match: true, force: true }), expect: STOPPED },
			{
				send: stop('unknown', '?force=true', { allow_no_match: true }),
				expect: { status: 400, type: ILLEGAL, mentions: 'unrecognized parameter: [force]' },
			},
		],
	},
	{
		id: 'stop-body-keys',
		says: 'the body wants model_id; the id of the specification is unknown',
		section: 'stop-parameters',
		rows: [
			'The keys of the body are strict',
			'A `model_id` in the body that differs from the path',
		],
		steps: [
			{
				send: stop('unknown', '', { id: '{unknown}' }),
				expect: { status: 400, mentions: 'unknown field [id]' },
			},
			{ send: stop('unknown', '', { model_id: '{unknown}' }), expect: STOPPED },
			{
				send: stop('unknown', '', { model_id: 'other' }),
				expect: refused(
					400,
					ILLEGAL,
					"Inconsistent model_id; 'other' specified in the body differs",
				),
			},
		],
	},
];
