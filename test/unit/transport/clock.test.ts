import { Deadline, monotonicMs } from '../../../nodes/elasticsearch/transport/clock';
import { pause } from '../../../nodes/elasticsearch/transport/pause';

const HOUR = 3_600_000;

/** Sets the wall clock, as a person or a time server does. */
function setWallClock(by: number): void {
	const real = Date.now.bind(Date);
	jest.spyOn(Date, 'now').mockImplementation(() => real() + by);
}

afterEach(() => {
	jest.restoreAllMocks();
});

describe('a deadline', () => {
	it('begins with the first look at it, and never again', async () => {
		const deadline = new Deadline(1_000);
		await pause(60);
		expect(deadline.left()).toBe(1_000);
		await pause(60);
		expect(deadline.left()).toBeLessThanOrEqual(945);
		expect(deadline.ms).toBe(1_000);
	});

	it('goes below zero once it has passed', async () => {
		const deadline = new Deadline(20);
		deadline.left();
		await pause(40);
		expect(deadline.left()).toBeLessThan(0);
	});

	it.each([
		['forward', HOUR],
		['back', -HOUR],
	])('stays where it is when the wall clock is set %s', (_way, by) => {
		const deadline = new Deadline(10 * HOUR);
		const before = deadline.left();
		setWallClock(by);
		expect(before - deadline.left()).toBeLessThan(HOUR / 2);
		expect(before - deadline.left()).toBeGreaterThanOrEqual(0);
	});
});

describe('a pause', () => {
	it('lasts as long as it was asked to when the wall clock is set forward', async () => {
		const began = monotonicMs();
		const paused = pause(700);
		setWallClock(HOUR);
		await paused;
		expect(monotonicMs() - began).toBeGreaterThanOrEqual(695);
	});

	it('ends when the wall clock is set back', async () => {
		const paused = pause(700);
		setWallClock(-HOUR);
		await expect(paused).resolves.toBeUndefined();
	});

	it('ends at once when it is cancelled, also before it began', async () => {
		const cancel = new AbortController();
		const paused = pause(HOUR, cancel.signal);
		cancel.abort();
		await expect(paused).resolves.toBeUndefined();
		await expect(pause(HOUR, cancel.signal)).resolves.toBeUndefined();
	});
});
