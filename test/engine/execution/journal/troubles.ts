import type { FaultRule } from '../../../cluster';
import type { Trouble, TroubleKind } from './schedule';

const PATHS: Record<Trouble['on'], (id: string) => string> = {
	stop: (id) => `/${id}/deployment/_stop`,
	look: (id) => `/${id}/_stats`,
	list: () => '/trained_models/_stats',
	endpoints: () => '/_inference',
};

const page = (status: number): string => `<html><body><h1>${status}</h1></body></html>`;

/** An answer of Elasticsearch itself. */
const ownError = (status: number, type: string, reason: string | null) => ({
	status,
	body: { error: { root_cause: [{ type, reason }], type, reason }, status },
});

const ANSWERS: Record<
	Exclude<TroubleKind, 'reset' | 'hang'>,
	{ status: number; body: object | string; headers?: Record<string, string> }
> = {
	proxy502: { status: 502, body: page(502) },
	proxy503: { status: 503, body: page(503) },
	proxy504: { status: 504, body: page(504) },
	proxy404: { status: 404, body: page(404) },
	proxy429: { status: 429, body: page(429) },
	redirect: { status: 302, body: '', headers: { location: 'https://elsewhere.test/login' } },
	unauthorized: ownError(401, 'security_exception', 'unable to authenticate with this API key'),
	noMaster: ownError(503, 'master_not_discovered_exception', null),
	breaker: ownError(429, 'circuit_breaking_exception', '[parent] Data too large'),
};

/** The rule that makes the emulator play a trouble. */
export function ruleOf({ on, id, kind, ran, skip, times }: Trouble): FaultRule {
	const lost = ran !== false && {
		after: true,
		...(typeof ran === 'number' && { stopsAfterMs: ran }),
	};
	const match = { path: PATHS[on](id), skip, times, ...lost };
	if (kind === 'reset' || kind === 'hang') return { ...match, kind };
	return { ...match, kind: 'status', ...ANSWERS[kind] };
}
