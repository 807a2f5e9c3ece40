/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { Clock } from '../../nodes/elasticsearch/transport/clock';
import { NOW } from './builders';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** A clock whose time passes only in pauses, and then at once: when nothing else goes on. */
export class DrivenClock implements Clock {
	private ms = 0;

	private readonly sleepers = new Set<Sleeper>();

	readonly monotonicMs = (): number => this.ms;

	readonly now = (): number => NOW + this.ms;

	readonly pause = async (ms: number, cancel?: AbortSignal): Promise<void> => {
		if (ms <= 0 || cancel?.aborted === true) return;
		await new Promise<void>((resolve) => {
			const wake = (): void => {
				cancel?.removeEventListener('abort', wake);
				this.sleepers.delete(sleeper);
				resolve();
			};
			const sleeper = { at: this.ms + ms, wake };
			this.sleepers.add(sleeper);
			cancel?.addEventListener('abort', wake);
			// Before it runs, everything has gone on that goes on without a pause.
			setImmediate(() => this.wakeNext());
		});
	};

	/** Whether somebody waits for the time to pass. */
	protected get isWaitedFor(): boolean {
		return this.sleepers.size > 0;
	}

	/** Lets the time pass until the next pause ends. */
	protected wakeNext(): void {
		const [next] = [...this.sleepers].sort((one, other) => one.at - other.at);
		if (next === undefined) return;
		this.ms = next.at;
		next.wake();
	}
}
