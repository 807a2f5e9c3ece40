import { type Guards, reasonToSkip } from '../../../nodes/elasticsearch/deployment/selection';
import type { Deployment } from '../../../nodes/elasticsearch/deployment/state';
import { ago, deployment, NOW, route } from '../builders';

describe('what is left alone', () => {
	const used = (minutes: number): Partial<Deployment> => ({
		startTime: ago(60),
		routes: [route({ startTime: ago(60), lastAccess: ago(minutes) })],
	});

	it.each<[string, Partial<Deployment>, Guards, string | undefined]>([
		['nothing, without guards', used(0), {}, undefined],
		[
			'nothing that does not tell its times, without guards',
			{ startTime: null, routes: [] },
			{},
			undefined,
		],
		['nothing that is idle longer than asked', used(31), { onlyIfIdleMinutes: 30 }, undefined],
		[
			'nothing that is idle exactly as long as asked',
			used(30),
			{ onlyIfIdleMinutes: 30 },
			undefined,
		],
		['what was used since', used(29), { onlyIfIdleMinutes: 30 }, 'not_idle'],
		[
			'what has pending requests',
			{ routes: [route({ pendingRequests: 1 })] },
			{ onlyIfIdleMinutes: 0 },
			'not_idle',
		],
		[
			'what does not tell when it was used',
			{ startTime: null, routes: [] },
			{ onlyIfIdleMinutes: 0 },
			'not_idle',
		],
		[
			'what just moved to a new node',
			{ routes: [route({ startTime: ago(2), lastAccess: ago(50) })] },
			{ onlyIfIdleMinutes: 30 },
			'not_idle',
		],
		['nothing that is old enough', used(0), { minAgeMinutes: 60 }, undefined],
		['what is younger than asked', used(0), { minAgeMinutes: 61 }, 'too_young'],
		[
			'what does not tell when it was started',
			{ startTime: null },
			{ minAgeMinutes: 0 },
			'too_young',
		],
		[
			'nothing that is both idle and old',
			used(30),
			{ onlyIfIdleMinutes: 30, minAgeMinutes: 60 },
			undefined,
		],
		['what is old but used', used(1), { onlyIfIdleMinutes: 30, minAgeMinutes: 60 }, 'not_idle'],
		[
			'what is too young and used, as too young',
			used(1),
			{ onlyIfIdleMinutes: 30, minAgeMinutes: 90 },
			'too_young',
		],
	])('is %s', (_what, own, guards, expected) => {
		expect(reasonToSkip(deployment(own), guards, NOW)).toBe(expected);
	});
});
