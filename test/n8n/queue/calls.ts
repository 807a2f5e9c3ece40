/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Pool } from 'undici';

export interface Answer<Body> {
	/** What was asked for. */
	call: Body;
	status: number;
	body: unknown;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Calls a webhook with every body at the same moment, each over a connection of its own. */
export async function callAtOnce<Body>(
	webhook: string,
	bodies: Body[],
): Promise<Array<Answer<Body>>> {
	const { origin, pathname } = new URL(webhook);
	const pool = new Pool(origin, { connections: bodies.length, pipelining: 1 });
	try {
		return await Promise.all(
			bodies.map(async (call) => {
				const answer = await pool.request({
					method: 'POST',
					path: pathname,
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(call),
				});
				const text = await answer.body.text();
				return { call, status: answer.statusCode, body: parsed(text) };
			}),
		);
	} finally {
		await pool.close();
	}
}
