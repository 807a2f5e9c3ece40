import {
	briefly,
	notElasticsearch,
	reasonOf,
	statusOf,
	success,
	type Breakdown,
} from '../../../nodes/elasticsearch/transport/failure';
import { canceled, lostWith, proxySaid, redirected, refusedWith, timedOut } from '../failures';

describe('a failure', () => {
	it.each<[string, Breakdown, { brief: string; status?: number; reason?: string }]>([
		[
			'of the cluster',
			refusedWith(409, 'in use'),
			{ brief: 'status 409', status: 409, reason: 'in use' },
		],
		['of a proxy', proxySaid(502), { brief: 'status 502', status: 502, reason: 'Proxy' }],
		['that is a redirect', redirected(), { brief: 'status 302', status: 302 }],
		['of the network', lostWith('ECONNRESET'), { brief: 'ECONNRESET', reason: 'ECONNRESET' }],
		['of the network, without a code', { kind: 'network' }, { brief: 'network' }],
		['of time', timedOut(), { brief: 'timeout' }],
		[
			'of time, with the code of axios',
			{ kind: 'timeout', code: 'ECONNABORTED' },
			{ brief: 'timeout' },
		],
		['that is a cancel', canceled(), { brief: 'canceled' }],
		['in what is no answer at all', { kind: 'not_elasticsearch' }, { brief: 'not_elasticsearch' }],
	])(
		'%s is told in a word or two, with status and reason if it has them',
		(_what, failure, told) => {
			expect(briefly(failure)).toBe(told.brief);
			expect(statusOf(failure)).toBe(told.status);
			expect(reasonOf(failure)).toBe(told.reason);
		},
	);

	it('is told apart from a success', () => {
		expect(success('a value')).toEqual({ ok: true, value: 'a value' });
	});

	it('is a body of another shape too, although the status is 200', () => {
		expect(notElasticsearch('stop')).toEqual({
			ok: false,
			failure: { kind: 'not_elasticsearch', status: 200, purpose: 'stop' },
		});
	});
});
