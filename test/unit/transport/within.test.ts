import { within } from '../../../nodes/elasticsearch/transport/within';
import { DrivenClock } from '../drivenClock';

const LONG = 3_600_000;

/** Work that ends with its signal, as a request does. */
async function untilAborted(signal: AbortSignal): Promise<never> {
	return await new Promise((_resolve, reject) =>
		signal.addEventListener('abort', () => reject(new Error('aborted'))),
	);
}

describe('work that may take so long in all', () => {
	const clock = new DrivenClock();

	it('hands on its value', async () => {
		const ended = await within(LONG, { clock }, async () => await Promise.resolve('answer'));
		expect(ended).toEqual({ is: 'done', value: 'answer' });
	});

	it('is ended with a plain word: an error for each request would cost more than all the rest', async () => {
		const reasons: unknown[] = [];
		await within(LONG, { clock }, async (signal) => {
			await Promise.resolve();
			signal.addEventListener('abort', () => reasons.push(signal.reason));
		});
		expect(reasons).toEqual(['over']);
	});

	it('hands on what it throws, at once or later', async () => {
		const error = new Error('broken');
		const later = await within(LONG, { clock }, async () => await Promise.reject(error));
		expect(later).toEqual({ is: 'thrown', error });
		const atOnce = await within(LONG, { clock }, () => {
			throw error;
		});
		expect(atOnce).toEqual({ is: 'thrown', error });
	});

	it('is told to end, and not awaited, when its time is up', async () => {
		const began = clock.monotonicMs();
		let told = false;
		const ended = await within(60, { clock }, async (signal) => {
			signal.addEventListener('abort', () => (told = true));
			return await new Promise(() => {});
		});
		expect(ended).toEqual({ is: 'late' });
		expect(told).toBe(true);
		expect(clock.monotonicMs() - began).toBe(60);
	});

	it('leaves no rejection behind that nobody handles', async () => {
		expect(await within(20, { clock }, untilAborted)).toEqual({ is: 'late' });
		// Jest fails the test under way with a rejection that stays unhandled.
		await clock.pause(20);
	});

	it('ends when the execution is stopped', async () => {
		const cancel = new AbortController();
		const ended = within(LONG, { clock, cancel: cancel.signal }, untilAborted);
		cancel.abort();
		expect(await ended).toEqual({ is: 'canceled' });
	});

	it('does not begin if the execution was stopped before', async () => {
		const work = jest.fn(untilAborted);
		expect(await within(LONG, { clock, cancel: AbortSignal.abort() }, work)).toEqual({
			is: 'canceled',
		});
		expect(work).not.toHaveBeenCalled();
	});
});
