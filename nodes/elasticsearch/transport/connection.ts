import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { realClock, type Clock, type Timing } from './clock';
import {
	clusterHash,
	encodeApiKey,
	isReadOnly,
	normaliseEndpoint,
	type CredentialProblem,
} from './credential';
import { isObject } from './json';
import { redactKey } from './redact';
import { failureOfAnswer, failureOfThrown, type Answer } from './response';
import { briefly, failed, success, type Breakdown, type Purpose, type Result } from './failure';
import { delayBeforeRepeat, mayRepeat, retryAfterOf, type RepeatPolicy } from './retry';
import { within } from './within';

export const CREDENTIAL = 'elasticsearchMlApi';
export const USER_AGENT = 'n8n-nodes-elasticsearch-ml/0.1.0';

/** The `this` that n8n gives a node that may send requests. */
export type Host = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

export interface ApiRequest {
	method: 'GET' | 'POST' | 'PUT';
	purpose: Purpose;
	/** Whether it changes anything in the cluster; if so, a read-only credential refuses it. */
	changes: boolean;
	/** From the cluster's root, with ids encoded: `/_ml/trained_models/x/deployment/_stop`. */
	path: string;
	query?: Record<string, string>;
	body?: IDataObject;
	repeat: RepeatPolicy;
	/** Asked before it is sent again; if it says no, the failure is returned. */
	isStillRight?: () => Promise<boolean>;
	/** Whether it completes an earlier request, so that it is sent even if the run has ended. */
	completes?: boolean;
	/** Milliseconds; the connection's own if absent. */
	timeoutMs?: number;
}

/** A request that reads. @param path from the cluster's root, with ids encoded */
export function readRequest(path: string, query?: Record<string, string>): ApiRequest {
	return { method: 'GET', purpose: 'read', changes: false, path, query, repeat: 'safe' };
}

export interface ConnectionSettings {
	/** Milliseconds for one request. */
	timeoutMs: number;
	/** How often a request that may be repeated is sent again. */
	retries: number;
}

export const DEFAULT_SETTINGS: ConnectionSettings = { timeoutMs: 60_000, retries: 3 };

/** A timer of Node holds no more, and one that should is over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The way to one cluster with one credential. */
export interface Connection extends Timing {
	/** Sends a request, and repeats it if its policy allows. Returns the 2xx body; never throws. */
	send(request: ApiRequest, settings?: Partial<ConnectionSettings>): Promise<Result<unknown>>;
	/** Writes a line to n8n's debug log, which tells what happened between two answers. */
	log(line: string): void;
	/** A short hash of the endpoint (`clusterHash`), for restore objects. */
	readonly cluster: string;
}

/** Names the run in the cluster's audit log (Elasticsearch logs X-Opaque-Id). */
function opaqueId(host: Host): string {
	const workflow = host.getWorkflow().id ?? 'unsaved';
	// A poll has none.
	const execution = ('getExecutionId' in host ? host.getExecutionId() : undefined) ?? 'none';
	return `n8n workflow ${workflow} execution ${execution}`.replace(/[^\x20-\x7e]/g, '?');
}

function cancelSignal(host: Host): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in host ? host.getExecutionCancelSignal() : undefined;
}

/**
 * Reads the credential and opens the connection, the one place where a request leaves the package.
 * n8n's helper authenticates each request (credentials/ElasticsearchMlApi) and adds proxy and TLS.
 * @param cancel fires when nobody waits for answers any more; n8n's own signal if absent
 */
export async function connect(
	host: Host,
	settings: ConnectionSettings,
	clock: Clock = realClock,
	cancel = cancelSignal(host),
): Promise<Result<Connection>> {
	const credential = await host.getCredentials(CREDENTIAL);
	const endpoint = normaliseEndpoint(credential.endpoint);
	const unusable = (problem: CredentialProblem): Result<never> =>
		failed({ kind: 'credential', purpose: 'read', problem });
	if (!endpoint.ok) return unusable(endpoint.problem);
	const key = encodeApiKey(credential.apiKey);
	if (!key.ok) return unusable(key.problem);
	const root = endpoint.value;
	const encodedKey = key.value;
	const timing: Timing = { clock, cancel };
	const headers = {
		Accept: 'application/json',
		'User-Agent': USER_AGENT,
		'X-Opaque-Id': opaqueId(host),
	};

	const log = (line: string): void => host.logger.debug(`ML Deployment: ${line}`);

	async function sendOnce(request: ApiRequest, timeoutMs: number): Promise<Result<unknown>> {
		const options: IHttpRequestOptions = {
			method: request.method,
			url: root + request.path,
			headers: { ...headers },
			qs: request.query,
			body: request.body,
			timeout: Math.min(timeoutMs, LONGEST_TIMER_MS),
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		};
		const redact = (text: string): string => redactKey(text, encodedKey);
		// `timeout` starts anew with every byte, so a slow answer would outlast any deadline.
		const sent = await within(timeoutMs, timing, async (signal): Promise<unknown> => {
			options.abortSignal = signal;
			const caller = endingWith(host, signal);
			return await host.helpers.httpRequestWithAuthentication.call(caller, CREDENTIAL, options);
		});
		const { purpose } = request;
		const broken = (by: Breakdown): Result<never> => failed({ ...by, purpose });
		if (sent.is === 'late') return broken({ kind: 'timeout' });
		if (sent.is === 'canceled') return broken({ kind: 'canceled' });
		if (sent.is === 'thrown') return broken(failureOfThrown(sent.error, redact));
		const answer = sent.value;
		if (!isAnswer(answer)) return broken({ kind: 'not_elasticsearch' });
		if (answer.statusCode >= 200 && answer.statusCode < 300) return success(answer.body);
		return broken(failureOfAnswer(answer, redact));
	}

	async function send(
		request: ApiRequest,
		own: Partial<ConnectionSettings> = {},
	): Promise<Result<unknown>> {
		const { purpose } = request;
		if (isReadOnly(credential.readOnly) && request.changes) {
			return failed({ kind: 'credential', purpose, problem: { code: 'read_only' } });
		}
		const { timeoutMs, retries } = { ...settings, ...own };
		for (let repeats = 0; ; repeats++) {
			const result = await sendOnce(request, request.timeoutMs ?? timeoutMs);
			if (result.ok || repeats >= retries || !mayRepeat(request.repeat, result.failure))
				return result;
			const delay = delayBeforeRepeat(repeats, retryAfterOf(result.failure));
			const { method, path } = request;
			const why = briefly(result.failure);
			log(`${method} ${path} ended with ${why}, and is sent again in ${Math.round(delay)} ms`);
			await clock.pause(delay, timing.cancel);
			if (timing.cancel?.aborted === true) return failed({ kind: 'canceled', purpose });
			if ((await request.isStillRight?.()) === false) return result;
		}
	}

	return success({ send, log, ...timing, cluster: clusterHash(root) });
}

/** n8n's helper ignores the signal in the options and takes it from its caller. */
function endingWith(host: Host, signal: AbortSignal): Host {
	const own = { getExecutionCancelSignal: { value: () => signal } };
	return Object.create(host, own) as Host;
}

function isAnswer(value: unknown): value is Answer {
	return isObject(value) && typeof value.statusCode === 'number' && 'body' in value;
}
