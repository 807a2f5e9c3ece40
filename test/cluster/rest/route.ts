import type { Answer } from './errors';
import type { ActionName } from '../security/privileges';
import type { Call } from './call';
import type { Security } from '../security/security';
import type { ClusterState } from '../state/state';
import type { Features } from '../settings/versions';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/** What a request may ask of the cluster beside its state. */
export interface RunContext {
	state: ClusterState;
	call: Call;
	security: Security;
	/** Set by a fault: a stop that this request begins takes so long. */
	stopsAfterMs?: number;
}

/** A whole answer where 200 with a body is not enough. */
export class Reply {
	constructor(readonly answer: Answer) {}
}

/** Carries a request out, once it was read, found well-formed and allowed. */
export type Run = () => unknown;

export interface Route {
	method: Method;
	/** With `:name` for path parameters. */
	path: string;
	/** Needs a cluster privilege that grants it; without one any authenticated caller may. */
	action?: ActionName;
	/** Absent from versions where this is false. */
	since?: (features: Features) => boolean;
	/** Serverless keeps it to itself: 410 there. */
	hiddenOnServerless?: boolean;
	/** Every answer bears this as a deprecation warning. */
	deprecation?: string;
	/** Only with security on. */
	security?: boolean;
	prepare(context: RunContext): Run;
}
