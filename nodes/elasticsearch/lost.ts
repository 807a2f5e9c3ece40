import type { Failure } from './result';
import { neverRan } from './retry';

/** TLS and name look-up fail before anything is sent; these fail after. */
const DROPPED = new Set(['ECONNRESET', 'EPIPE', 'ERR_BAD_RESPONSE', 'ERR_NETWORK']);

/**
 * Whether a request may have run although no answer says so: the connection dropped, a proxy gave
 * up, time ran out, or the cluster itself failed half-way ("failed to delete model assignment after
 * nodes unallocated the deployment" also meets the second of two parallel stops).
 */
export function isLostAnswer(failure: Failure): boolean {
	if (neverRan(failure)) return false;
	const status = failure.status ?? 0;
	switch (failure.kind) {
		case 'timeout':
			return true;
		case 'network':
			return DROPPED.has(failure.code ?? '');
		case 'not_elasticsearch':
			return status < 300 || status >= 500;
		case 'response':
			return status >= 500;
		default:
			return false;
	}
}
