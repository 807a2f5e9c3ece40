/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Call } from './call';
import {
	ElasticError,
	Failure,
	noHandler,
	notOnServerless,
	StringError,
	type Answer,
} from './errors';
import { endsRequest, type Faults } from '../faults/faults';
import { checkMediaTypes } from './mediaType';
import { RequestLog } from '../faults/requestLog';
import { Reply, type Route } from './route';
import type { Security } from '../security/security';
import type { ClusterState } from '../state/state';
import { breakOff, send, sendFault } from './transport';

/** A request as the router hands it over. */
export interface Unanswered {
	request: IncomingMessage;
	text: string;
	basePath: string;
	pathParams: Record<string, string>;
	route?: Route;
	/** The methods of a known path, where this one is not among them. */
	allowed?: string[];
}

export interface Incoming extends Unanswered {
	response: ServerResponse;
}

/** One request from arrival to answer: log, faults, security, REST rules, the action itself. */
export class Exchange {
	readonly log = new RequestLog();

	constructor(
		private readonly state: ClusterState,
		private readonly security: Security,
		private readonly faults: Faults,
		/** Called once an answer is out, for faults that close the port. */
		private readonly afterAnswer: () => void,
	) {}

	async handle(incoming: Incoming): Promise<void> {
		const call = this.read(incoming);
		const { response, request } = incoming;
		const entry = {
			method: call.method,
			path: incoming.basePath + call.path,
			query: call.query,
			headers: { ...request.headers },
			body: parsed(call.text),
			status: 0,
			at: this.state.clock.now(),
			bytes: 0,
		};
		this.log.begin(entry, response);
		response.once('close', this.afterAnswer);
		for (const rule of this.faults.take(call.method, entry.path)) {
			if (rule.kind === 'latency') await realTime(rule.ms);
			else if (rule.kind === 'effect') await rule.effect(entry);
			if (!endsRequest(rule)) continue;
			if ('after' in rule && rule.after) {
				const done = this.answer(call, incoming, rule.stopsAfterMs);
				// The answer gets lost while a slow stop goes on, else once all is done.
				if (rule.stopsAfterMs === undefined) await done;
			}
			entry.status = sendFault(response, rule, call);
			return;
		}
		const answer = await this.answer(call, incoming);
		entry.status = answer.status;
		if (response.destroyed) breakOff(response);
		else entry.bytes = send(response, answer, call);
	}

	/** Answers a request that comes over no wire. */
	async answerTo(request: Unanswered): Promise<Answer> {
		return await this.answer(this.read(request), request);
	}

	private read({ request, text, basePath, pathParams }: Unanswered): Call {
		const uri = (request.url ?? '/').slice(basePath.length) || '/';
		const [path, search = ''] = uri.split(/\?(.*)/s);
		const query = Object.fromEntries(new URLSearchParams(search));
		const method = request.method ?? 'GET';
		const { features } = this.state;
		return new Call(method, path, uri, pathParams, query, request.headers, text, features);
	}

	private async answer(call: Call, incoming: Unanswered, stopsAfterMs?: number): Promise<Answer> {
		const answer = await this.outcome(call, incoming, stopsAfterMs);
		const { deprecation } = incoming.route ?? {};
		if (deprecation === undefined) return answer;
		const warning = `299 Elasticsearch-${this.state.features.number}-00000000 "${deprecation}"`;
		return { ...answer, headers: { ...answer.headers, warning } };
	}

	/** Never fails: what goes wrong becomes an answer. */
	private async outcome(call: Call, incoming: Unanswered, stopsAfterMs?: number): Promise<Answer> {
		try {
			this.state.clock.settle();
			return await this.act(call, incoming, stopsAfterMs);
		} catch (error) {
			const failure =
				error instanceof Failure
					? error
					: new ElasticError(500, 'exception', error instanceof Error ? error.message : 'unknown');
			const seen = this.state.knobs.remoteMaster ? fromMaster(failure, incoming.route) : failure;
			return seen.answer(call.query.error_trace === 'true' || call.query.error_trace === '');
		}
	}

	private async act(call: Call, incoming: Unanswered, stopsAfterMs?: number): Promise<Answer> {
		const { state, security } = this;
		const { route, allowed } = incoming;
		// Credentials are checked on the headers alone, before any route is looked up.
		call.principal = security.authenticate(incoming.request.headers.authorization, call.uri);
		if (call.path.startsWith('/_ml')) state.requireMl(call.uri, call.method);
		if (!route) throw this.noRoute(call, allowed);
		if (route.hiddenOnServerless && state.features.serverless) {
			throw notOnServerless(call.uri, call.method);
		}
		const { 'content-type': contentType, accept } = incoming.request.headers;
		checkMediaTypes(contentType, accept, call.hasBody, state.features);
		const run = route.prepare({ state, call, security, stopsAfterMs });
		call.refuseLeftovers();
		if (route.action) security.authorize(call.principal, route.action);
		const result = await run();
		return result instanceof Reply ? result.answer : { status: 200, body: result };
	}

	private noRoute(call: Call, allowed: string[] | undefined): Failure {
		if (!allowed) return noHandler(call.uri, call.method);
		return new StringError(
			405,
			`Incorrect HTTP method for uri [${call.uri}] and method [${call.method}], allowed: [${allowed.join(', ')}]`,
			true,
			{ allow: allowed.join(',') },
		);
	}
}

/** A validation error of a master elsewhere loses its type on the way (docs/elasticsearch-behaviour.md, "Update: unstable types"). */
function fromMaster(failure: Failure, route: Route | undefined): Failure {
	if (!(failure instanceof ElasticError) || failure.type !== 'validation_exception') return failure;
	const rootCause = {
		type: 'remote_transport_exception',
		reason: `[instance-0000000001][10.0.0.2:9300][${route?.action ?? ''}]`,
	};
	return new ElasticError(failure.status, 'illegal_argument_exception', failure.reason, {
		rootCause,
	});
}

async function realTime(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

function parsed(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
