import { Agent, request, type Dispatcher } from 'undici';
import { startCluster, type ClusterOptions, type EmbeddedCluster } from '../index';

export interface Reply {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	/** Parsed where it is JSON, else the text. */
	body: unknown;
}

export interface Extra {
	key?: string;
	authorization?: string | null;
	/** undefined leaves a header out. */
	headers?: Record<string, string | undefined>;
	/** Sent as it is, in place of `body`. */
	text?: string;
	signal?: AbortSignal;
}

const open: EmbeddedCluster[] = [];
let agent: Agent | undefined;

/** A cluster that ends with the test (`endClusters` in afterEach). */
export async function given(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
	const cluster = await startCluster(options);
	open.push(cluster);
	return cluster;
}

export async function endClusters(): Promise<void> {
	for (const cluster of open.splice(0)) await cluster.close();
	await agent?.destroy();
	agent = undefined;
}

/** One request with the cluster's own key; a status is an answer, never an exception. */
export async function ask(
	cluster: EmbeddedCluster,
	method: string,
	path: string,
	body?: unknown,
	extra: Extra = {},
): Promise<Reply> {
	agent ??= new Agent({ keepAliveTimeout: 1000, connect: { ca: cluster.caPem } });
	const text = extra.text ?? (body === undefined ? undefined : JSON.stringify(body));
	const authorization = extra.authorization ?? `ApiKey ${extra.key ?? cluster.apiKey}`;
	const headers = {
		...(extra.authorization !== null && { authorization }),
		...(text !== undefined && { 'content-type': 'application/json' }),
		...extra.headers,
	};
	const answer = await request(cluster.endpoint + path, {
		dispatcher: agent,
		method: method as Dispatcher.HttpMethod,
		body: text,
		signal: extra.signal,
		headers: Object.entries(headers).flatMap(([name, value]) =>
			value === undefined ? [] : [name, value],
		),
	});
	const raw = await answer.body.text();
	return { status: answer.statusCode, headers: answer.headers, body: parsed(raw) };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Status, type and reason of a failure; null where the envelope has none. */
export function failureOf(reply: Reply): [number, string | null, string | null] {
	const { error } = reply.body as { error?: { type?: string; reason?: string | null } };
	return [reply.status, error?.type ?? null, error?.reason ?? null];
}

/** Digs a value out of an answer: `at(reply, 'assignment', 'start_time')`. */
export function at(reply: Reply, ...path: Array<string | number>): unknown {
	return path.reduce<unknown>(
		(value, key) => (value as Record<string | number, unknown> | undefined)?.[key],
		reply.body,
	);
}
