/** What n8n's API answered where it did not do what it was asked. */
export class RestError extends Error {
	constructor(
		readonly status: number,
		method: string,
		path: string,
		readonly body: string,
	) {
		super(`${method} ${path} answered with ${status}: ${body.slice(0, 600)}`);
	}
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** One session with n8n's internal API, as the editor has it. */
export class Http {
	constructor(
		private readonly url: string,
		/** The login's cookie. */
		public session = '',
	) {}

	/** What stands under `data` in the answer. */
	async ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
		const { data } = JSON.parse(await this.text(method, `/rest${path}`, body)) as { data: T };
		return data;
	}

	/** Any page or file of n8n's. */
	async text(method: Method, path: string, body?: unknown): Promise<string> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				// A connection that is kept open can be closed by n8n just when the next request is sent.
				connection: 'close',
				...(this.session === '' ? {} : { cookie: this.session }),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new RestError(response.status, method, path, text);
		for (const line of response.headers.getSetCookie()) {
			if (line.startsWith('n8n-auth=')) this.session = line.split(';')[0];
		}
		return text;
	}
}
