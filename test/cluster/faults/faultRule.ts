import type { LoggedRequest } from '../types';

interface FaultMatch {
	method?: string;
	/** Part of the path (the query is not looked at), or an expression. */
	path?: string | RegExp;
	/** How many matching requests are hit; default 1. */
	times?: number;
	/** Let so many matching requests pass first. */
	skip?: number;
}

interface LostAnswer {
	/** The request is carried out first (or goes on behind the scenes); only the answer is lost. */
	after?: boolean;
	/** With `after`: a stop completes only after so much time of the cluster's clock. */
	stopsAfterMs?: number;
}

export type FaultRule = FaultMatch &
	(
		| { kind: 'latency'; ms: number }
		/** The connection breaks. */
		| ({ kind: 'reset' } & LostAnswer)
		/** No answer, ever. */
		| ({ kind: 'hang' } & LostAnswer)
		/** An answer that begins and never ends: a byte every `everyMs` (100), so that nothing idles. */
		| ({ kind: 'drip'; everyMs?: number } & LostAnswer)
		/** An answer that no client can read: bytes that are no HTTP, or a body that is not the gzip it says. */
		| ({ kind: 'garbage'; as: 'bytes' | 'gzip' } & LostAnswer)
		/** An answer of a proxy or of a cluster in trouble; a string body goes out as HTML or text. */
		| ({
				kind: 'status';
				status: number;
				body?: object | string;
				headers?: Record<string, string>;
		  } & LostAnswer)
		/** Broken JSON with status 200. */
		| { kind: 'malformed'; status?: number; body?: string }
		| { kind: 'redirect'; location: string; status?: number }
		/** The port is closed, at once or after `skip` requests; open again after `ms` of real time or at `clearFaults()`. */
		| { kind: 'refuse'; ms?: number }
		/** A page of a proxy or of a login; default status 200. */
		| { kind: 'html'; status?: number; body?: string }
		/** No body; default status 200. */
		| { kind: 'empty'; status?: number }
		/** Runs before the request is handled, e.g. somebody else restarts a deployment; then the request goes on. */
		| { kind: 'effect'; effect: (request: LoggedRequest) => void | Promise<void> }
	);
