import fc from 'fast-check';

import { clearCache, readResult } from '../../nodes/elasticsearch/api/infer';
import {
	listStats,
	lookUp,
	settingsOfAssignment,
	statsOf,
	updateDeployment,
} from '../../nodes/elasticsearch/api/deployments';
import {
	listInferenceEndpoints,
	orphansAmong,
	ownerOf,
} from '../../nodes/elasticsearch/api/inference';
import {
	checkModel,
	inputFieldOf,
	listModels,
	modelAliases,
} from '../../nodes/elasticsearch/api/models';
import { readAssignment, readStatsPage } from '../../nodes/elasticsearch/api/stats';
import {
	ageMinutes,
	costsWhileIdle,
	simplify,
	simplifyInFull,
} from '../../nodes/elasticsearch/deployment/deployment';
import { readRestore } from '../../nodes/elasticsearch/deployment/parseRestore';
import { restoreOf } from '../../nodes/elasticsearch/deployment/restore';
import type { Connection } from '../../nodes/elasticsearch/transport/connection';
import { redactKey } from '../../nodes/elasticsearch/transport/redact';
import { success } from '../../nodes/elasticsearch/transport/failure';
import { failureOfAnswer, failureOfThrown } from '../../nodes/elasticsearch/transport/response';
import { delayBeforeRepeat, retryAfterOf } from '../../nodes/elasticsearch/transport/retry';
import { explain, factsOf } from '../../nodes/MlDeployment/errors/explain';
import { description } from '../../nodes/MlDeployment/errors/rule';
import { beginCluster, endClusters } from '../given';
import { NOW } from '../unit/builders';
import { DrivenClock } from '../unit/drivenClock';
import { answersOf, type Answers } from './answers';
import { slips } from './lawful';
import { HANGS_MS, runs } from './runs';
import { anything, mutated } from './values';

/** No reader asks for the same again and again, whatever the answer says of what is left. */
const MOST_REQUESTS = 20;

/** A connection on which each request has the same answer. */
function answering(body: unknown): Connection {
	let sent = 0;
	return {
		cluster: 'hash',
		clock: new DrivenClock(),
		log: () => {},
		send: async () => {
			if (++sent > MOST_REQUESTS) throw new Error(`more than ${MOST_REQUESTS} requests`);
			return success(body);
		},
	};
}

let answers: Answers;

beforeAll(async () => {
	answers = await answersOf(await beginCluster({ version: '9.2' }));
});
afterAll(endClusters);

/** Any body, or one of these with changes. */
function like(...valid: unknown[]): fc.Arbitrary<unknown> {
	const weighed = valid.map((each) => ({ weight: 9, arbitrary: mutated(each) }));
	return fc.oneof({ weight: 1, arbitrary: anything }, ...weighed);
}

/** What a number that is none, or an object, looks like in a text. */
const NO_VALUE = /NaN|Infinity|\[object/;

/** All that is made of a page of statistics. */
function readThrough(body: unknown): void {
	for (const { deployment } of readStatsPage(body)?.entries ?? []) {
		if (deployment === undefined) continue;
		const around = { cluster: 'hash', now: NOW, endpoint: null };
		const outputs = [simplify(deployment, around), simplifyInFull(deployment, around)];
		// A text of the cluster may hold such words itself.
		if (!NO_VALUE.test(JSON.stringify(body))) {
			expect(JSON.stringify(outputs)).not.toMatch(NO_VALUE);
		}
		ageMinutes(deployment, NOW);
		costsWhileIdle(deployment);
		// What it cannot bring back, its reader refuses; it never throws.
		readRestore(JSON.stringify(restoreOf(deployment, 'hash', NOW)));
	}
}

describe('any JSON in any place of an answer', () => {
	it(
		'is read as statistics, or as nothing of Elasticsearch',
		async () => {
			await fc.assert(
				fc.asyncProperty(like(...answers.stats), async (body) => {
					readThrough(body);
					await listStats(answering(body));
					await lookUp(answering(body), 'fz-1');
					await statsOf(answering(body), ['fz-1', 'fz-2']);
				}),
				runs(500),
			);
		},
		HANGS_MS,
	);

	it(
		'is read as the answer to a change, or as nothing of Elasticsearch',
		async () => {
			await fc.assert(
				fc.asyncProperty(
					like(answers.assignment, answers.result, answers.cleared),
					async (body) => {
						const assignment = readAssignment(body);
						if (assignment !== undefined) JSON.stringify(settingsOfAssignment(assignment));
						readResult(body);
						await updateDeployment(answering(body), 'fz-1', {});
						await clearCache(answering(body), 'fz-1');
					},
				),
				runs(500),
			);
		},
		HANGS_MS,
	);

	it(
		'is read as models and endpoints, or as nothing of Elasticsearch',
		async () => {
			await fc.assert(
				fc.asyncProperty(like(answers.models, answers.endpoints), async (body) => {
					await listModels(answering(body));
					await modelAliases(answering(body), 'fz-1');
					await checkModel(answering(body), 'fz-1');
					await inputFieldOf(answering(body), 'fz-1');
					const read = await listInferenceEndpoints(answering(body));
					if (!read.ok || read.value === null) return;
					ownerOf('owned', read.value);
					orphansAmong(read.value, new Set(['fz-1']));
				}),
				runs(500),
			);
		},
		HANGS_MS,
	);
});

describe('any failure', () => {
	const KEY = Buffer.from('the-id:the-secret-of-the-key').toString('base64');
	const echoes = fc.constantFrom(KEY, `ApiKey ${KEY}`, 'the-id:the-secret-of-the-key', `"${KEY}"`);
	const purposes = fc.constantFrom(
		...(['read', 'start', 'update', 'stop', 'infer', 'clearCache'] as const),
	);
	const redact = (text: string): string => redactKey(text, KEY);

	/** A message and a next step, without the key, and a pause that ends. */
	function expectWords(
		by: ReturnType<typeof failureOfAnswer>,
		purpose: 'read' | 'start' | 'update' | 'stop' | 'infer' | 'clearCache',
	): void {
		const failure = { ...by, purpose };
		const explained = explain(failure, { deploymentId: 'fz-1', modelId: 'm' });
		const words = [explained.message, description(explained), JSON.stringify(factsOf(failure))];
		expect(slips(words)).toEqual([]);
		expect(explained.message).not.toBe('');
		expect(words.join('\n').includes('the-secret-of-the-key')).toBe(false);
		expect(words.join('\n').includes(KEY.slice(0, -2))).toBe(false);
		expect(delayBeforeRepeat(1, retryAfterOf(by))).toBeLessThanOrEqual(60_000);
	}

	it(
		'that is an answer has a message, and never the key',
		() => {
			const body = fc.oneof(
				like(answers.refusal),
				echoes,
				fc.string({ unit: fc.constantFrom('<', '>', '/', 'script', ' ', 'a', KEY) }),
				fc.tuple(echoes, anything).chain(([key, value]) =>
					mutated({
						error: { type: key, reason: key, caused_by: { reason: value } },
						message: key,
					}),
				),
			);
			const headers = like({ 'retry-after': '5', location: 'https://x.test/a?b' });
			fc.assert(
				fc.property(fc.integer({ min: 300, max: 600 }), body, headers, purposes, (...given) => {
					const [statusCode, answered, headed, purpose] = given;
					const answer = { statusCode, body: answered, headers: headed };
					expectWords(failureOfAnswer(answer, redact), purpose);
				}),
				runs(600),
			);
		},
		HANGS_MS,
	);

	it(
		'that was thrown has a message, and never the key',
		() => {
			const valid = {
				message: `getaddrinfo ${KEY}`,
				httpCode: 'ENOTFOUND',
				description: 'words',
				cause: { code: 'ECONNRESET', message: KEY, isAxiosError: true, cause: { name: 'SsrfX' } },
			};
			fc.assert(
				fc.property(like(valid), purposes, (thrown, purpose) => {
					expectWords(failureOfThrown(thrown, redact), purpose);
				}),
				runs(500),
			);
		},
		HANGS_MS,
	);
});
