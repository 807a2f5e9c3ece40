import { Deadline } from '../../../nodes/elasticsearch/transport/clock';
import { growingPause, pollUntil } from '../../../nodes/elasticsearch/transport/poll';
import { DrivenClock } from '../drivenClock';

const PAUSES = { first: 500, factor: 2, longest: 5_000 };

it('pauses grow up to the longest', () => {
	const pauses = [0, 1, 2, 3, 4, 5, 100].map((count) => growingPause(count, PAUSES));
	expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
});

describe('a poll', () => {
	/** When its turns come, each of which takes so long, and what it says is left. */
	async function turns(ms: number, atOnce?: boolean, lookMs = 0): Promise<number[][]> {
		const clock = new DrivenClock();
		const seen: number[][] = [];
		for await (const left of pollUntil(new Deadline(ms), PAUSES, { clock }, atOnce)) {
			seen.push([clock.monotonicMs(), left]);
			await clock.pause(lookMs);
		}
		return seen;
	}

	it.each<[string, boolean | undefined, number, number[][]]>([
		[
			'after a first pause',
			undefined,
			0,
			[
				[500, 3_500],
				[1_500, 2_500],
				[3_500, 500],
				[4_000, 0],
			],
		],
		[
			'at once',
			true,
			0,
			[
				[0, 4_000],
				[500, 3_500],
				[1_500, 2_500],
				[3_500, 500],
				[4_000, 0],
			],
		],
		[
			'even where a look outlasts it',
			false,
			3_600,
			[
				[500, 3_500],
				[4_100, -100],
			],
		],
	])('comes to its last turn when its time is up: %s', async (_how, atOnce, lookMs, expected) => {
		expect(await turns(4_000, atOnce, lookMs)).toEqual(expected);
	});

	it('does not pause after a cancel', async () => {
		const clock = new DrivenClock();
		const timing = { clock, cancel: AbortSignal.abort() };
		const poll = pollUntil(new Deadline(4_000), PAUSES, timing);
		expect(await poll.next()).toEqual({ done: false, value: 4_000 });
		expect(clock.monotonicMs()).toBe(0);
	});
});
