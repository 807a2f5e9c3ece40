/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';

import { exactId, nearId } from '../../nodes/elasticsearch/deployment/ids';
import { readRestore } from '../../nodes/elasticsearch/deployment/parseRestore';
import { matches, readPattern } from '../../nodes/elasticsearch/deployment/pattern';
import { bytesOf } from '../../nodes/elasticsearch/deployment/restore';
import {
	encodeApiKey,
	normaliseEndpoint,
	onlyReads,
	rebuildPem,
} from '../../nodes/elasticsearch/transport/credential';
import { redactKey } from '../../nodes/elasticsearch/transport/redact';
import { failureOfAnswer } from '../../nodes/elasticsearch/transport/response';
import { explain } from '../../nodes/MlDeployment/errors/explain';
import {
	jsonObject,
	minutes,
	oneOf,
	text,
	wholeNumber,
} from '../../nodes/MlDeployment/parameters/values';
import { HANGS_MS, runs } from './runs';

/**
 * No input takes long to refuse. A limit in milliseconds would fail on a busy machine, so the growth
 * is looked at: eight times the text may take up to 24 times as long, where what is linear takes 8
 * times, and what is quadratic 64 times. A busy machine only ever adds time, so the least of several
 * tries counts, and one try in which the growth is small is enough.
 */
const TIMES_AS_LONG = 8;
const MOST_GROWTH = 24;
const TRIES = 6;
/** What is faster on the long text is no matter, however it grows. */
const FAST_MS = 5;

const SHORT = 2_000;

const SOME_IDS = Array.from({ length: 300 }, (_, place) => `team-${place}-search-model`);

/** base64 of `a0a0a0a0a0a0a0a0:aaaaaaaaaaaaaaaaaaaa`: it looks like the texts, so that parts of it fit. */
const KEY = Buffer.from(`${'a0'.repeat(8)}:${'a'.repeat(20)}`).toString('base64');

const READERS: Array<[name: string, read: (given: string) => unknown]> = [
	['an id', (given) => exactId(given, 'deployment')],
	['an id that nobody knows', (given) => nearId(given, SOME_IDS)],
	['a pattern', (given) => readPattern(given)],
	['a match', (given) => matches([given], 'a'.repeat(64))],
	['a restore', (given) => readRestore(given)],
	['a restore with an id', (given) => readRestore({ schema: 1, model_id: given })],
	['a size', (given) => bytesOf(given)],
	['a number', (given) => wholeNumber(given, 'x', 1)],
	['minutes', (given) => minutes(given, 'x')],
	['a choice', (given) => oneOf(given, 'x', ['a'])],
	['a text', (given) => text(given, 'x')],
	['JSON', (given) => jsonObject(given, 'x')],
	['an endpoint', (given) => normaliseEndpoint(given)],
	['the path of an endpoint', (given) => normaliseEndpoint(`https://x.test/${given}`)],
	['a key', (given) => encodeApiKey(given)],
	['a certificate', (given) => rebuildPem(given)],
	['a path', (given) => onlyReads('POST', given)],
	['an echo of the key', (given) => redactKey(given, KEY)],
	['an error page', (given) => said(503, given)],
	['a reason', (given) => said(409, { error: { type: 'x_exception', reason: given } })],
];

function said(statusCode: number, body: unknown): unknown {
	const by = failureOfAnswer({ statusCode, body, headers: {} }, (given) => given);
	return explain({ ...by, purpose: 'stop' });
}

/** Milliseconds of this process, the least of some tries. */
function cost(read: () => unknown): number {
	const tries = Array.from({ length: 3 }, () => {
		const before = process.cpuUsage();
		read();
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1_000;
	});
	return Math.min(...tries);
}

/** What makes an expression look back: something again and again, and then an end that does not fit. */
const PARTS = [
	...['a', '0', '1.', ' ', '\t', '/', '*', ',', '*a', 'a,', '<', '>', '<a', '<script>', '</', ';'],
	...['; ', '[', '{"a":', '"', '\\', '\\n', '%', '%2', '-', '.', '\u0000', '\ud800', '\n', 'kb'],
	...[
		'-----BEGIN A-----',
		'-----END A-----',
		'-----BEGIN ',
		'https://',
		'/_infer',
		'[priority',
		'=',
	],
];
const texts = fc.record({
	begin: fc.constantFrom('', ...PARTS),
	again: fc
		.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 2 })
		.map((all) => all.join('')),
	end: fc.constantFrom('', '!', ...PARTS),
});

describe.each(READERS)('%s', (_name, read) => {
	it(
		'takes no longer to be refused than its length explains',
		() => {
			fc.assert(
				fc.property(texts, ({ begin, again, end }) => {
					const long = (size: number): string =>
						begin + again.repeat(Math.ceil(size / again.length)) + end;
					const [short, longer] = [long(SHORT), long(SHORT * TIMES_AS_LONG)];
					const growths: number[] = [];
					for (let tries = 0; tries < TRIES; tries++) {
						const most = cost(() => read(longer));
						if (most < FAST_MS) return;
						growths.push(
							most /
								Math.max(
									cost(() => read(short)),
									0.01,
								),
						);
						if (Math.min(...growths) <= MOST_GROWTH) return;
					}
					throw new Error(
						`${TIMES_AS_LONG} times as long takes ${growths.join(', ')} times as long`,
					);
				}),
				runs(15),
			);
		},
		HANGS_MS,
	);
});
