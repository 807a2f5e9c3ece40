import { Deadline, realClock } from '../../../nodes/elasticsearch/transport/clock';
import { DrivenClock } from '../drivenClock';

const HOUR = 3_600_000;

describe('a deadline', () => {
	it('begins with the first look at it, and never again', async () => {
		const clock = new DrivenClock();
		const deadline = new Deadline(1_000);
		await clock.pause(60);
		expect(deadline.left(clock)).toBe(1_000);
		await clock.pause(60);
		expect(deadline.left(clock)).toBe(940);
		expect(deadline.ms).toBe(1_000);
	});

	it('goes below zero once it has passed', async () => {
		const clock = new DrivenClock();
		const deadline = new Deadline(20);
		deadline.left(clock);
		await clock.pause(40);
		expect(deadline.left(clock)).toBe(-20);
	});
});

describe('the clock of a run', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});

	afterEach(() => {
		jest.useRealTimers();
	});

	/** Sets the wall clock, as a person or a time server does. */
	function setWallClock(by: number): void {
		jest.setSystemTime(Date.now() + by);
	}

	async function hasEnded(paused: Promise<void>): Promise<boolean> {
		return await Promise.race([paused.then(() => true), Promise.resolve().then(() => false)]);
	}

	it.each([
		['forward', HOUR],
		['back', -HOUR],
	])('measures on when the wall clock is set %s', async (_way, by) => {
		const [before, wallBefore] = [realClock.monotonicMs(), realClock.now()];
		setWallClock(by);
		await jest.advanceTimersByTimeAsync(100);
		expect(realClock.monotonicMs() - before).toBe(100);
		expect(realClock.now() - wallBefore).toBe(by + 100);
	});

	it.each([
		['without', undefined],
		['with', new AbortController().signal],
	])('pauses as long as asked, %s a signal, wherever the wall clock is', async (_how, signal) => {
		for (const by of [HOUR, -HOUR]) {
			const paused = realClock.pause(1_200, signal);
			setWallClock(by);
			await jest.advanceTimersByTimeAsync(1_190);
			expect(await hasEnded(paused)).toBe(false);
			await jest.advanceTimersByTimeAsync(10);
			await expect(paused).resolves.toBeUndefined();
		}
	});

	it('ends a pause at once when it is cancelled, also before it began', async () => {
		const cancel = new AbortController();
		const paused = realClock.pause(HOUR, cancel.signal);
		cancel.abort();
		await expect(paused).resolves.toBeUndefined();
		await expect(realClock.pause(HOUR, cancel.signal)).resolves.toBeUndefined();
	});

	it('leaves a timer of half a second at most behind a cancelled pause', async () => {
		const cancel = new AbortController();
		void realClock.pause(HOUR, cancel.signal);
		cancel.abort();
		expect(jest.getTimerCount()).toBe(1);
		await jest.advanceTimersByTimeAsync(500);
		expect(jest.getTimerCount()).toBe(0);
	});
});
