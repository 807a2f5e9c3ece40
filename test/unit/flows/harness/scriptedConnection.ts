import type {
	ApiRequest,
	Connection,
	ConnectionSettings,
} from '../../../../nodes/elasticsearch/transport/connection';
import {
	failed,
	type Failure,
	type Result,
} from '../../../../nodes/elasticsearch/transport/failure';
import { canceled, timedOut } from '../../failures';
import { DrivenClock } from '../../drivenClock';

/** An answer that takes its time. */
class Late {
	constructor(
		readonly ms: number,
		readonly answer: Result<unknown> | Failure,
	) {}
}

export function after(ms: number, answer: Result<unknown> | Failure): Late {
	return new Late(ms, answer);
}

/** No answer at all. */
export const HANGS = after(Infinity, timedOut());

/** A request that is expected next, and what comes of it. */
export type Exchange = [request: Partial<ApiRequest>, answer: Result<unknown> | Failure | Late];

export function times(count: number, exchange: Exchange): Exchange[] {
	return Array.from({ length: count }, () => exchange);
}

export interface Sent {
	request: ApiRequest;
	settings: Partial<ConnectionSettings>;
	/** Milliseconds on the driven clock. */
	at: number;
}

const scripts: ScriptedConnection[] = [];

/** A connection that expects these requests in this order, and no others. */
export class ScriptedConnection implements Connection {
	readonly cluster = 'hash';

	readonly lines: string[] = [];

	readonly log = (line: string): void => void this.lines.push(line);

	readonly clock = new DrivenClock();

	readonly cancel: AbortSignal;

	readonly sent: Sent[] = [];

	private readonly user = new AbortController();

	private readonly surprises: unknown[] = [];

	constructor(private readonly exchanges: Exchange[]) {
		this.cancel = this.user.signal;
		scripts.push(this);
	}

	/** When the requests were sent, in milliseconds. */
	get times(): number[] {
		return this.sent.map(({ at }) => at);
	}

	/** The user stops the execution then. */
	cancelAt(ms: number): void {
		void this.clock.pause(ms).then(() => this.user.abort());
	}

	/** Like that of a real connection, it also works when it is taken out of its object. */
	readonly send: Connection['send'] = async (request, settings = {}) => {
		if (this.cancel.aborted) return failed(canceled());
		const [expected, given] = this.exchanges[this.sent.length] ?? [{ path: 'nothing' }, canceled()];
		this.sent.push({ request, settings, at: this.clock.monotonicMs() });
		try {
			expect(request).toMatchObject(expected);
		} catch (surprise) {
			this.surprises.push(surprise);
			return failed(canceled());
		}
		const { ms, answer } = given instanceof Late ? given : after(0, given);
		const timeoutMs = request.timeoutMs ?? settings.timeoutMs ?? 60_000;
		await this.clock.pause(Math.min(ms, timeoutMs), this.cancel);
		if (this.cancel.aborted) return failed(canceled());
		if (ms > timeoutMs) return failed(timedOut());
		if ('ok' in answer) return answer;
		// As the real connection does; the test compares with the very failure that it handed over.
		return failed(Object.assign(answer, { purpose: request.purpose }));
	};

	/** Throws where a request was not expected, or one that was did not come. */
	expectEnd(): void {
		for (const surprise of this.surprises) throw surprise;
		expect(this.exchanges.slice(this.sent.length)).toEqual([]);
	}
}

afterEach(() => {
	for (const script of scripts.splice(0)) script.expectEnd();
});
