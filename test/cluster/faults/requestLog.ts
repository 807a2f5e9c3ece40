/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { ServerResponse } from 'node:http';
import type { LoggedRequest } from '../types';

const MOST_ENTRIES = 50_000;

/** What came in, and how much of it at once. */
export class RequestLog {
	readonly requests: LoggedRequest[] = [];
	private inFlight = 0;
	private most = 0;

	/** Notes a request; it is in flight until its answer is out or its client gone. */
	begin(entry: LoggedRequest, response: ServerResponse): void {
		this.requests.push(entry);
		// A cluster that is served for hours keeps the latest only.
		if (this.requests.length > MOST_ENTRIES) this.requests.splice(0, MOST_ENTRIES / 2);
		this.inFlight++;
		this.most = Math.max(this.most, this.inFlight);
		response.once('close', () => this.inFlight--);
	}

	maxInFlight(): number {
		return this.most;
	}

	reset(): void {
		this.requests.length = 0;
		this.most = this.inFlight;
	}
}
