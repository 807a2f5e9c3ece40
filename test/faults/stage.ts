/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { IExecuteFunctions, IHttpRequestOptions, IPollFunctions } from 'n8n-workflow';

import type { EmbeddedCluster } from '../cluster';
import { DrivenClock } from '../unit/drivenClock';
import type { Fault } from './list/fault';
import { giveOf } from './give';

/** A request that left the node. */
export interface Sent {
	method: string;
	/** From the cluster's root, without the query. */
	path: string;
	query?: IHttpRequestOptions['qs'];
	body?: IHttpRequestOptions['body'];
	/** Milliseconds on the driven clock. */
	at: number;
	/** Whether the cluster carried it out. */
	reached: boolean;
	fault?: string;
}

/** Which requests meet a fault. */
export interface Plan {
	fault: Fault;
	/** Place of the first one among all requests of the run. */
	first: number;
	/** `once`: only that one; `alike`: that one and all of its kind; `all`: it and all behind it. */
	span: 'once' | 'alike' | 'all';
	/** Whether the cluster carries the requests out, so that only the answer is lost. */
	runs: boolean;
}

/**
 * Called at each moment of a run: before a request, while it is under way, and in each pause.
 * @returns whether the run is cancelled at this moment
 */
export type Moment = (name: string) => boolean;

/** A clock that stands still while the cluster works. */
class StageClock extends DrivenClock {
	private working = 0;

	constructor(private readonly pausing: Moment) {
		super();
	}

	async during<T>(work: Promise<T>): Promise<T> {
		this.working++;
		try {
			return await work;
		} finally {
			this.working--;
		}
	}

	protected override wakeNext(): void {
		if (this.working > 0) setImmediate(() => this.wakeNext());
		// What a cancel ends has gone on before the time passes.
		else if (this.isWaitedFor && this.pausing('pause')) setImmediate(() => super.wakeNext());
		else super.wakeNext();
	}
}

/** Requests that ask for the same thing, whatever the ids. */
export function kindOf({ method, path }: Pick<Sent, 'method' | 'path'>): string {
	return `${method} ${path.replace(/trained_models\/[^/]+\//, 'trained_models/*/')}`;
}

/**
 * The embedded cluster in this process, behind a connection with faults. It takes the place of n8n's
 * request helper, and gives what that gives.
 */
export class Stage {
	readonly sent: Sent[] = [];

	readonly clock: StageClock;

	constructor(
		readonly cluster: EmbeddedCluster,
		public plan?: Plan,
		private readonly moment: Moment = () => false,
	) {
		this.clock = new StageClock(moment);
	}

	/** The node's `this`, with the stage in place of the request helper. */
	hosting<T extends Pick<IExecuteFunctions | IPollFunctions, 'helpers'>>(context: T): T {
		const helper = async (_name: string, options: IHttpRequestOptions): Promise<unknown> =>
			await this.request(options);
		const helpers = { ...context.helpers, httpRequestWithAuthentication: helper };
		return Object.create(context, { helpers: { value: helpers } }) as T;
	}

	private async request(options: IHttpRequestOptions): Promise<unknown> {
		const path = new URL(options.url).pathname;
		const sent: Sent = {
			method: options.method ?? 'GET',
			path,
			query: options.qs,
			body: options.body,
			at: this.clock.monotonicMs(),
			reached: false,
		};
		const fault = this.faultFor(sent, this.sent.length);
		this.sent.push({ ...sent, reached: fault === undefined || this.plan?.runs === true });
		if (fault !== undefined) this.sent[this.sent.length - 1].fault = fault.name;
		this.moment(`request to ${kindOf(sent)}`);
		const answer = this.sent[this.sent.length - 1].reached
			? await this.clock.during(this.reach(options))
			: undefined;
		this.moment(`answer to ${kindOf(sent)}`);
		if (fault !== undefined) return await giveOf(fault.given, options, this);
		return answer;
	}

	private faultFor(sent: Sent, place: number): Fault | undefined {
		const { plan } = this;
		if (plan === undefined || place < plan.first) return undefined;
		if (place === plan.first || plan.span === 'all') return plan.fault;
		const isAlike = kindOf(sent) === kindOf(this.sent[plan.first]);
		return plan.span === 'alike' && isAlike ? plan.fault : undefined;
	}

	private async reach(options: IHttpRequestOptions): Promise<unknown> {
		const hasBody = options.body !== undefined;
		const { status, body } = await this.cluster.inject({
			method: options.method ?? 'GET',
			path: new URL(options.url).pathname,
			query: (options.qs ?? {}) as Record<string, string>,
			headers: {
				...(options.headers as Record<string, string>),
				authorization: `ApiKey ${this.cluster.apiKey}`,
				...(hasBody && { 'content-type': 'application/json' }),
			},
			text: hasBody ? JSON.stringify(options.body) : '',
		});
		return { statusCode: status, headers: {}, body };
	}
}
