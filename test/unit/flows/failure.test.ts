import { problem, refusalIn, type FlowFailure } from '../../../nodes/elasticsearch/flows/failure';
import { lostWith, refusedWith } from '../failures';

const FORBIDDEN = refusedWith(403, 'is unauthorized', 'security_exception');

describe('the refusal in a failure of a flow', () => {
	it.each<[string, FlowFailure, string | undefined]>([
		['an answer of the cluster', FORBIDDEN, 'forbidden'],
		['a dry run', { kind: 'foreseen', refusal: 'low_priority', purpose: 'start' }, 'low_priority'],
		['a lost connection', lostWith('ECONNRESET'), undefined],
		['what the cluster shows', problem({ code: 'owners_unknown' }, FORBIDDEN), undefined],
		[
			'a pattern',
			{ kind: 'selection', problem: { code: 'no_match', parts: ['a-*'] }, mayAllow: true },
			undefined,
		],
	])('of %s', (_what, failure, refusal) => {
		expect(refusalIn(failure)).toBe(refusal);
	});
});
