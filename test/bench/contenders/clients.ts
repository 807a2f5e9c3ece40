import { Client } from '@elastic/elasticsearch';
import { Agent, request } from 'undici';

import type { Access } from '../cluster/orders';

/** Elastic's own client, which keeps its connections. */
export function elasticClient({ endpoint, apiKey, caPem }: Access): Client {
	return new Client({ node: endpoint, auth: { apiKey }, tls: { ca: caPem } });
}

/** undici, which keeps its connections: what is possible without n8n. */
export class KeepAlive {
	private readonly agent: Agent;

	constructor(
		private readonly access: Access,
		connections: number,
	) {
		this.agent = new Agent({ connections, connect: { ca: access.caPem } });
	}

	async send(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
		const { endpoint, apiKey } = this.access;
		const answer = await request(endpoint + path, {
			dispatcher: this.agent,
			method,
			headers: {
				authorization: `ApiKey ${apiKey}`,
				...(body && { 'content-type': 'application/json' }),
			},
			body: body && JSON.stringify(body),
		});
		const json: unknown = await answer.body.json();
		if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${JSON.stringify(json)}`);
		return json;
	}

	async close(): Promise<void> {
		await this.agent.close();
	}
}
