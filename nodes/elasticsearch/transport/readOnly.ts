import type { Refusal } from './failure';

/**
 * What a credential with 'Read Only' refuses: everything but reading.
 * `_has_privileges` is a POST that reads (the credential test sends it).
 */
export function readOnlyRefusal(method: string | undefined, path: string): Refusal | undefined {
	const verb = (method ?? 'GET').toUpperCase();
	const asks = verb === 'POST' && path.endsWith('/_security/user/_has_privileges');
	if (verb === 'GET' || verb === 'HEAD' || asks) {
		return undefined;
	}
	return {
		message: 'The credential is read-only, so nothing was sent',
		next: "Choose a credential that may change deployments, or turn off 'Read Only' in this one",
	};
}
