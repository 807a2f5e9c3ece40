import { Agent, request } from 'undici';
import type { Reply, Sent } from './case';

export interface Address {
	/** Without a trailing slash. */
	endpoint: string;
	/** Encoded; absent where the cluster asks for none. */
	apiKey?: string;
	/** PEM of the CA that signed the cluster's certificate. */
	ca?: string;
}

/** Longer than any request of a case; a `_start` waits for up to 30 s. */
const TIMEOUT_MS = 90_000;
/** Well formed, and made by nobody. */
const STRANGER = Buffer.from('conformance-nobody:conformance-nobody').toString('base64');

/** A client for one cluster. A status is an answer, never an exception. */
export class Client {
	private readonly agent: Agent;

	constructor(private readonly address: Address) {
		this.agent = new Agent({
			connect: address.ca === undefined ? {} : { ca: address.ca },
			headersTimeout: TIMEOUT_MS,
			bodyTimeout: TIMEOUT_MS,
		});
	}

	/** Sends a request whose placeholders have been filled in; `key` takes the place of the client's own. */
	async send({ method, path, body, text, headers, as }: Sent, key?: string): Promise<Reply> {
		const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
		const wanted = {
			authorization: this.authorization(as, key),
			'content-type': payload === undefined ? undefined : 'application/json',
			...headers,
		};
		const answer = await request(this.address.endpoint + path, {
			dispatcher: this.agent,
			method,
			body: payload,
			headers: Object.entries(wanted).flatMap(([name, value]) =>
				value === undefined ? [] : [name, value],
			),
		});
		const raw = await answer.body.text();
		return { status: answer.statusCode, headers: answer.headers, body: parsed(raw) };
	}

	async close(): Promise<void> {
		await this.agent.close();
	}

	private authorization(as: Sent['as'], key = this.address.apiKey): string | undefined {
		if (as === 'nobody') return undefined;
		if (as === 'stranger') return `ApiKey ${STRANGER}`;
		return key === undefined ? undefined : `ApiKey ${key}`;
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
