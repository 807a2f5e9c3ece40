import {
	isAbsent,
	isIdTaken,
	isStopRefused,
	isUnprivileged,
	refusalOf,
	type RefusalCode,
} from '../../../nodes/elasticsearch/api/refusals';
import type { Failure, Purpose } from '../../../nodes/elasticsearch/transport/failure';
import { absent, masterless, proxySaid, refusedWith, timedOut } from '../failures';

const UNKNOWN = 'resource_not_found_exception';

/** Something in front of the cluster answers, and quotes it. */
function proxyQuotes(status: number, reason: string): Failure {
	return { kind: 'not_elasticsearch', status, reason, purpose: 'stop' };
}

/** An error quotes what the request held, and another one's words in it decide nothing. */
describe('the words of an error at its beginning decide, not what it quotes', () => {
	it.each<[RefusalCode, Purpose, number, string]>([
		['bad_request', 'infer', 400, 'unexpected token: Input field [text] does not exist'],
		['not_found', 'start', 404, 'no such index [x]: No known trained model with model_id [m]'],
		['not_found', 'read', 404, 'no such index [x]: Could not find trained model [m]'],
		['not_found', 'stop', 404, 'no such index [x]: No known model deployment with id [m]'],
		['not_found', 'infer', 404, 'no such index: Unable to find model deployment task [m]'],
		['conflict', 'infer', 409, 'Busy: Trained model [m] is not initialized'],
	])('%s', (code, purpose, status, reason) => {
		expect(refusalOf({ kind: 'response', purpose, status, reason })).toBe(code);
	});

	it('and a word that only begins like one of its own', () => {
		const reason = 'Could not find trained models of this licence';
		expect(refusalOf({ kind: 'response', purpose: 'read', status: 404, reason })).toBe('not_found');
	});
});

describe('a failure that no rule knows has no code', () => {
	it.each<[string, Failure]>([
		['an error of the cluster', refusedWith(500, 'something broke', 'exception')],
		['one that is only passed on', refusedWith(500, 'run: Failed node [x]')],
		['a status of the future', refusedWith(418, 'no handler found')],
		['a proxy that quotes Elasticsearch', proxyQuotes(404, 'No known trained model')],
		['no answer', timedOut()],
	])('%s', (_what, failure) => {
		expect(refusalOf(failure)).toBeUndefined();
	});
});

describe('an id', () => {
	it.each<[string, Failure, boolean]>([
		['is absent where Elasticsearch does not find it', absent(), true],
		['is not known after a 404 of something else', proxySaid(404), false],
		[
			'is not known where an index is not found',
			refusedWith(404, 'no such index [.ml-config]', 'index_not_found_exception'),
			false,
		],
		['is not known after another status', refusedWith(400, 'No known', UNKNOWN), false],
		['is not known without an answer', timedOut(), false],
	])('%s', (_what, failure, expected) => {
		expect(isAbsent(failure)).toBe(expected);
	});

	const exists =
		'Could not start model deployment because an existing deployment with the same id [a] exist';

	it.each<[string, Failure, boolean]>([
		['is taken where a deployment has it', refusedWith(400, exists), true],
		[
			'is taken where another start was faster',
			refusedWith(409, 'Cannot start deployment [a] because it has already been started'),
			true,
		],
		[
			'is not taken where there is no room',
			refusedWith(429, 'Could not start deployment because no ML nodes were found'),
			false,
		],
		['is not taken because a proxy says so', proxyQuotes(400, exists), false],
		['is not taken where nothing is said', masterless(), false],
	])('%s', (_what, failure, expected) => {
		expect(isIdTaken(failure)).toBe(expected);
	});
});

describe('a stop', () => {
	const inUse = 'Cannot stop deployment [a] as it is referenced by ingest processors';

	it.each<[string, Failure, boolean]>([
		['was refused where something uses the deployment', refusedWith(409, inUse), true],
		['was refused where the request is not understood', refusedWith(400, 'bad'), true],
		['may have run where another conflict came', refusedWith(409, `Failed: ${inUse}`), false],
		['may have run after another status', refusedWith(500, inUse), false],
		['may have run where nothing is said', masterless(), false],
		['may have run where a proxy says so', proxyQuotes(409, inUse), false],
		['may have run without an answer', timedOut(), false],
	])('%s', (_what, failure, expected) => {
		expect(isStopRefused(failure)).toBe(expected);
	});
});

describe('a key', () => {
	it.each<[string, string, boolean]>([
		['lacks a privilege where it is unauthorized', 'action [x] is unauthorized', true],
		[
			'may lack nothing where the cluster blocks the request',
			'index [x] blocked by: [FORBIDDEN/7/index read (api)];',
			false,
		],
	])('%s', (_what, reason, expected) => {
		expect(isUnprivileged(refusedWith(403, reason))).toBe(expected);
	});
});
