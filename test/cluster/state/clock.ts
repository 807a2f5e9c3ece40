/* eslint-disable @n8n/community-nodes/no-restricted-globals */

interface Task {
	due: number;
	run: () => void;
}

const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The cluster's time. Real time plus what `advance` added, or a time that the test drives;
 * either way tasks run in the order in which they are due and see the time at which they were due.
 */
export class Clock {
	private offset = 0;
	private pinned?: number;
	private settling = false;
	private readonly tasks: Task[] = [];
	private timer?: NodeJS.Timeout;

	constructor(private readonly source?: () => number) {}

	now(): number {
		return this.pinned ?? (this.source ?? Date.now)() + this.offset;
	}

	/** Runs `run` after `ms`; returns a function that calls it off. */
	after(ms: number, run: () => void): () => void {
		const task: Task = { due: this.now() + Math.max(0, ms), run };
		const position = this.tasks.findIndex((other) => other.due > task.due);
		this.tasks.splice(position < 0 ? this.tasks.length : position, 0, task);
		this.arm();
		return () => {
			const at = this.tasks.indexOf(task);
			if (at >= 0) this.tasks.splice(at, 1);
		};
	}

	async sleep(ms: number): Promise<void> {
		await new Promise<void>((resolve) => this.after(ms, resolve));
	}

	/** Runs what is due by now. */
	settle(): void {
		if (this.settling) return;
		this.settling = true;
		const now = this.now();
		try {
			for (let task = this.takeDue(now); task; task = this.takeDue(now)) this.runAt(task);
		} finally {
			this.pinned = undefined;
			this.settling = false;
		}
		this.arm();
	}

	/** Moves the clock by `ms`, task by task, and lets what waits on a task go on before the next. */
	async advance(ms: number): Promise<void> {
		// Somebody else's settling ends within its own turn.
		while (this.settling) await new Promise((resolve) => setImmediate(resolve));
		this.settling = true;
		const target = this.now() + ms;
		try {
			for (let task = this.takeDue(target); task; task = this.takeDue(target)) {
				this.runAt(task);
				await new Promise((resolve) => setImmediate(resolve));
			}
		} finally {
			this.pinned = undefined;
			this.offset += ms;
			this.settling = false;
		}
		this.arm();
		await new Promise((resolve) => setImmediate(resolve));
	}

	close(): void {
		clearTimeout(this.timer);
		this.tasks.length = 0;
	}

	private takeDue(limit: number): Task | undefined {
		return this.tasks.length > 0 && this.tasks[0].due <= limit ? this.tasks.shift() : undefined;
	}

	private runAt(task: Task): void {
		this.pinned = Math.max(this.pinned ?? 0, task.due);
		task.run();
	}

	/** Real time moves by itself, so a timer waits for the next task; a driven clock is looked at instead. */
	private arm(): void {
		if (this.source || this.settling) return;
		clearTimeout(this.timer);
		if (this.tasks.length === 0) return;
		const wait = Math.min(Math.max(0, this.tasks[0].due - this.now()), LONGEST_TIMER);
		this.timer = setTimeout(() => this.settle(), wait).unref();
	}
}
