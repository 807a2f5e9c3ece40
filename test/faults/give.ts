import { NodeApiError, type IHttpRequestOptions, type INode, type JsonObject } from 'n8n-workflow';

import type { Clock } from '../../nodes/elasticsearch/transport/clock';
import { echoed, type Given, type Thrown } from './list/fault';

const NODE = { name: 'ML Deployment', type: 'x', typeVersion: 1 } as INode;

/** Gives what n8n's helper gives, in its own time. */
export async function giveOf(
	given: Given,
	options: IHttpRequestOptions,
	{ clock, cluster }: { clock: Clock; cluster: { apiKey: string } },
): Promise<unknown> {
	switch (given.is) {
		case 'answer': {
			const { status, headers, body } = structuredClone(given);
			return { statusCode: status, headers, body: echoed(body, cluster.apiKey) };
		}
		case 'thrown':
			throw errorOf(given.thrown);
		case 'nothing':
			await clock.pause(options.timeout ?? 300_000, options.abortSignal as AbortSignal);
			throw errorOf(GIVEN_UP);
	}
}

/** What axios says where its time is up; `within` has given up by then. */
const GIVEN_UP: Thrown = {
	message: 'The connection was aborted, perhaps the server is offline',
	httpCode: 'ECONNABORTED',
	cause: { name: 'AxiosError', code: 'ECONNABORTED', message: 'timeout of 60000ms exceeded' },
};

/** A NodeApiError around an AxiosError, as n8n's helper throws it. */
export function errorOf({ message, httpCode, cause }: Thrown): Error {
	const inner = Object.assign(new Error(cause.message), {
		...cause,
		isAxiosError: true,
		config: {},
		request: {},
	});
	const error = new NodeApiError(NODE, inner as unknown as JsonObject);
	return Object.assign(error, { message, httpCode, cause: inner });
}
