import type { Failure } from './failure';
import { neverRan } from './retry';

/** Name look-up, connection and certificate fail before anything is sent. */
const NOT_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_UNTRUSTED',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REVOKED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	// Node's code for a handshake that fails.
	'EPROTO',
]);

/**
 * What a failed request did in the cluster, as far as its failure tells:
 * - `none`: nothing, it did not get as far as the deployment, so it tells nothing of it either
 * - `refused`: nothing, because Elasticsearch looked at the deployment and refused
 * - `unknown`: it may have run. A connection that dropped, a time-out, a proxy that gave up, an answer
 *   that cannot be read, and every failure that nobody has thought of.
 */
export type Effect = 'none' | 'refused' | 'unknown';

export function effectOf(failure: Failure): Effect {
	const status = failure.status ?? 0;
	if (neverRan(failure)) return 'none';
	switch (failure.kind) {
		case 'credential':
		case 'halted':
		case 'outcome':
			return 'none';
		case 'network':
			return NOT_SENT.has(failure.code ?? '') ? 'none' : 'unknown';
		case 'response':
			// Who asks is checked before what is asked for.
			if (status === 401 || status === 403) return 'none';
			// Also "failed to delete model assignment after nodes unallocated the deployment", which
			// meets the second of two parallel stops.
			return status >= 500 ? 'unknown' : 'refused';
		case 'redirect':
		case 'not_elasticsearch':
		case 'timeout':
		case 'canceled':
			return 'unknown';
	}
}

/**
 * Whether something in front of the cluster turned the request away (a redirect, a proxy's 404 or 429).
 * Most likely it was not handed on, so one look decides; it is not sent again.
 */
export function isTurnedAway({ kind, status = 0 }: Failure): boolean {
	return kind === 'redirect' || (kind === 'not_elasticsearch' && status >= 400 && status < 500);
}

/** What asking again would not change: the credential, a redirect, the end of the execution. */
export function isFinal({ kind, status }: Failure): boolean {
	return (
		kind === 'credential' ||
		kind === 'redirect' ||
		kind === 'canceled' ||
		status === 401 ||
		status === 403
	);
}
