/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChatMessage {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string | null;
	tool_calls?: unknown[];
}

/** What the agent sends to a model. */
export interface ChatRequest {
	messages: ChatMessage[];
	tools?: Array<{ function: { name: string; description: string; parameters: object } }>;
	stream?: boolean;
}

/** What the model "says" next. */
export type Turn = { call: Record<string, unknown> } | { say: string };

export interface ModelServer {
	/** For the base URL of an OpenAI credential. */
	readonly url: string;
	readonly requests: ChatRequest[];
	/** What the tool gave back, as the model gets it. */
	toolAnswers(): string[];
	close(): void;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString();
}

function messageOf(turn: Turn, number: number, { tools = [] }: ChatRequest) {
	if ('say' in turn) return { role: 'assistant', content: turn.say };
	const call = { name: tools[0]?.function.name, arguments: JSON.stringify(turn.call) };
	const tool_calls = [{ index: 0, id: `call_${number}`, type: 'function', function: call }];
	return { role: 'assistant', content: null, tool_calls };
}

function answer(response: ServerResponse, request: ChatRequest, turn: Turn, number: number): void {
	const message = messageOf(turn, number, request);
	const finish_reason = 'say' in turn ? 'stop' : 'tool_calls';
	const head = { id: `chatcmpl-${number}`, created: 1, model: 'scripted' };
	const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
	if (request.stream) {
		const choices = [{ index: 0, delta: message, finish_reason }];
		const chunk = JSON.stringify({ ...head, object: 'chat.completion.chunk', choices });
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.end(`data: ${chunk}\n\ndata: [DONE]\n\n`);
		return;
	}
	const choices = [{ index: 0, message, finish_reason }];
	response.writeHead(200, { 'content-type': 'application/json' });
	response.end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }));
}

/** Stands in for a model: speaks OpenAI's chat API and says what the script says, whatever it is asked. */
export async function startModel(...script: Turn[]): Promise<ModelServer> {
	const requests: ChatRequest[] = [];
	const server = createServer((incoming, response) => {
		void bodyOf(incoming).then((body) => {
			const request = JSON.parse(body) as ChatRequest;
			const turn = script.at(requests.length) ?? { say: 'The script has ended.' };
			requests.push(request);
			answer(response, request, turn, requests.length);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		requests,
		toolAnswers: () =>
			(requests.at(-1)?.messages ?? [])
				.filter(({ role }) => role === 'tool')
				.map(({ content }) => content ?? ''),
		close: () => server.close(),
	};
}
