import type { IExecuteFunctions } from 'n8n-workflow';

import type { Wait } from './operation';

/** Shows below the output how long the waits took: each of up to three, or the slowest of more. */
export function showWaits(host: IExecuteFunctions, waits: readonly Wait[]): void {
	const show = (message: string): void =>
		host.addExecutionHints({ message, location: 'outputPane' });
	if (waits.length <= 3) {
		for (const wait of waits) show(`'${wait.id}' was ${inWords(wait)}`);
		return;
	}
	const slowest = waits.reduce((a, b) => (b.seconds > a.seconds ? b : a));
	show(
		`${waits.length} deployments were waited for; the slowest, '${slowest.id}', was ${inWords(slowest)}`,
	);
}

function inWords({ reached, seconds, last }: Wait): string {
	const state = reached === 'started' ? 'started' : 'fully allocated';
	return `${state} after ${Math.round(seconds)} s; state: ${last}`;
}
