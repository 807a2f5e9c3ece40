import { isObject, objectOr, textOr, type JsonObject } from './json';
import type { Breakdown } from './failure';

/** What n8n's helper returns with `returnFullResponse`. */
export interface Answer {
	statusCode: number;
	body: unknown;
	headers?: unknown;
}

const LONGEST_REASON = 500;
/** No more of a text is read, because removing tags and keys is slow on long texts. */
const MOST_READ = 5_000;
/** So much before a cut can be the beginning of a key, which is not known as one. */
const MOST_CUT_OFF = 1_000;
/**
 * Only with these does Elasticsearch itself give `error` as a text, and beside it a status at most;
 * gateways and Kibana give `message` too (docs/elasticsearch-behaviour.md, "REST: the envelope").
 */
const TEXT_ERRORS = { statuses: new Set([400, 405, 406]), keys: new Set(['error', 'status']) };

function isTextError(status: number, body: JsonObject): boolean {
	const { statuses, keys } = TEXT_ERRORS;
	return statuses.has(status) && Object.keys(body).every((key) => keys.has(key));
}

/** The beginning of a text that may be long, without the key. */
function beginning(text: string, redact: (text: string) => string): string {
	const redacted = redact(text.slice(0, MOST_READ));
	return text.length > MOST_READ ? redacted.slice(0, -MOST_CUT_OFF) : redacted;
}

/** Removes key and control characters, and cuts: texts from outside go into messages. */
function clean(text: string, redact: (text: string) => string): string {
	const plain = beginning(text, redact)
		.replace(/\p{Cc}+/gu, ' ')
		.trim();
	return plain.length > LONGEST_REASON ? `${plain.slice(0, LONGEST_REASON)}…` : plain;
}

/** The header holds seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: unknown, now: number): number | undefined {
	const value = isObject(headers) ? headers['retry-after'] : undefined;
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const seconds = Number(value);
	const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
	return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** A redirect's target without its query, which could hold a session token. */
function redirectTarget(headers: unknown): string | undefined {
	const location = isObject(headers) ? headers.location : undefined;
	return typeof location === 'string' ? location.split(/[?#]/)[0] : undefined;
}

/**
 * The failure in an answer that is not 2xx. Elasticsearch's errors have four shapes: `error` is
 * an object, `error` is a string, `reason` is null, or `status` is missing
 * (docs/elasticsearch-behaviour.md, "REST: the envelope").
 * Any other answer comes from something in front of the cluster.
 * @param redact removes the API key from a text
 */
export function failureOfAnswer(answer: Answer, redact: (text: string) => string): Breakdown {
	const { statusCode: status, body, headers } = answer;
	if (status >= 300 && status < 400) {
		const location = redirectTarget(headers);
		return { kind: 'redirect', status, location: location && clean(location, redact) };
	}
	const error = isObject(body) ? body.error : undefined;
	if (isObject(body) && typeof error === 'string' && isTextError(status, body)) {
		return { kind: 'response', status, reason: clean(error, redact) };
	}
	if (isObject(error) && typeof error.type === 'string') {
		const reason = fullReason(error);
		return {
			kind: 'response',
			status,
			type: clean(error.type, redact),
			reason: reason === undefined ? undefined : clean(reason, redact),
			retryAfterMs: retryAfterMs(headers, Date.now()),
		};
	}
	return {
		kind: 'not_elasticsearch',
		status,
		reason: excerpt(body, redact),
		retryAfterMs: retryAfterMs(headers, Date.now()),
	};
}

/** The top-level reason, and the cause's, which says more in parse errors. */
function fullReason(error: JsonObject): string | undefined {
	const reason = textOr(error.reason, undefined);
	const cause = isObject(error.caused_by) ? textOr(error.caused_by.reason, undefined) : undefined;
	const extra = textOr(error.additional_unsuccessful_credentials, undefined);
	return [reason, cause, extra].filter(Boolean).join('; ') || undefined;
}

/** The beginning of a proxy's page without its tags, or the message in its JSON. */
function excerpt(body: unknown, redact: (text: string) => string): string | undefined {
	if (isObject(body)) {
		const first: unknown = Array.isArray(body.errors) ? body.errors[0] : undefined;
		const inner = isObject(first) ? first.message : undefined;
		const text = [body.message, body.error, inner].find((each) => typeof each === 'string');
		return typeof text === 'string' ? clean(text, redact) : undefined;
	}
	if (typeof body !== 'string') return undefined;
	// Tags can hide a key, and can hold one: so it is removed before they are, and again after.
	const text = beginning(body, redact)
		.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
		.replace(/<[^>]*>/g, ' ');
	return clean(text.replace(/\s+/g, ' '), redact).slice(0, 120) || undefined;
}

/**
 * The failure in what n8n's helper throws: a NodeApiError around the AxiosError.
 * @param redact removes the API key from a text
 */
export function failureOfThrown(thrown: unknown, redact: (text: string) => string): Breakdown {
	const error = objectOr(thrown, {} as JsonObject);
	const cause = objectOr(error.cause, {} as JsonObject);
	const code = [cause.code, error.httpCode, error.code].find(isCode);
	const reason = clean(textOr(cause.message, textOr(error.message, '')), redact);
	if (code === 'ERR_CANCELED') return { kind: 'canceled' };
	// After a time-out, axios says ECONNABORTED and Node says ETIMEDOUT.
	if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return { kind: 'timeout', code, reason };
	if (code !== undefined) return { kind: 'network', code, reason };
	const errors = [error, cause, objectOr(cause.cause, {} as JsonObject)];
	const blocked = errors.some(({ name }) => textOr(name, '').startsWith('Ssrf'));
	// Not every error has a code. A request whose client threw may have reached the cluster.
	if (!blocked && errors.some(isOfClient)) return { kind: 'network', reason };
	// The credential's authenticate threw it, or n8n's SSRF protection: their words stay.
	const description = errors.map((each) => textOr(each.description, '')).find(Boolean) ?? '';
	const next = clean(description, redact);
	return { kind: 'host', message: reason, next: next === reason ? undefined : next };
}

/** If an error has no code, n8n puts a status or the word null in its place. */
function isCode(value: unknown): value is string {
	return typeof value === 'string' && /[A-Z]/.test(value);
}

function isOfClient(error: JsonObject): boolean {
	return error.isAxiosError === true || isObject(error.config) || isObject(error.request);
}
