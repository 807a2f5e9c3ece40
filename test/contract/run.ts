import { eventually, pause } from '../eventually';
import type { Case, Expected, Reply, Step } from './case';
import { differences, show } from './shape';
import { CannotBeGiven, type World } from './world';

/** How a case ended; `expected` and `got` belong to the step that decided, the last one where all were right. */
export interface Outcome {
	verdict: 'same' | 'differs' | 'not run';
	expected: string;
	got: string;
	/** Each difference, in a sentence; or why it was not run. */
	notes: string[];
}

const PAUSE_MS = 500;
const ARRIVAL_MS = 20;

/** Runs cases one after the other on one cluster, and keeps what is given as long as the next one needs the same. */
export class Runner {
	private given = '[]';

	constructor(private readonly world: World) {}

	async run(one: Case): Promise<Outcome> {
		try {
			await this.give(one);
			const { cluster } = this.world.options;
			if (cluster) await one.embedded?.(cluster, this.world.id);
			return await this.steps(one);
		} catch (error) {
			const verdict = error instanceof CannotBeGiven ? 'not run' : 'differs';
			// What was begun is in an unknown state.
			this.given = 'unknown';
			return { verdict, expected: '', got: '', notes: [messageOf(error)] };
		} finally {
			if (one.changes) this.given = 'changed';
		}
	}

	private async give({ given = [] }: Case): Promise<void> {
		const wanted = JSON.stringify(given);
		if (wanted === this.given) return;
		this.given = 'unknown';
		const left = await this.world.clean();
		if (left.length > 0) throw new CannotBeGiven(`not stopped: ${left.join(', ')}`);
		for (const deployment of given) await this.world.give(deployment);
		this.given = wanted;
	}

	private async steps({ steps }: Case): Promise<Outcome> {
		let outcome: Outcome = { verdict: 'same', expected: '', got: '', notes: [] };
		for (const [i, step] of steps.entries()) {
			const expect = this.world.fillAll(step.expect) as Expected;
			const { reply, notes } = await this.step(step, expect);
			const at = steps.length > 1 ? `${i + 1}. ` : '';
			outcome = {
				verdict: notes.length === 0 ? 'same' : 'differs',
				expected: at + expectedText(expect),
				got: at + replyText(reply),
				notes,
			};
			if (notes.length > 0) return outcome;
		}
		return outcome;
	}

	private async step(step: Step, expect: Expected): Promise<{ reply: Reply; notes: string[] }> {
		const { cluster, patienceMs } = this.world.options;
		if (cluster) await step.first?.(cluster, this.world.id);
		const deadline = Date.now() + patienceMs;
		for (;;) {
			const seen = cluster?.requests.length ?? 0;
			const answer = this.world.send(step.send);
			if (cluster && step.meanwhile) {
				await eventually(() => cluster.requests.length > seen);
				// What has arrived is at work after the next turn.
				await pause(ARRIVAL_MS);
				await step.meanwhile(cluster, this.world.id);
			}
			const reply = await answer;
			const notes = compare(expect, reply);
			if (notes.length === 0 || !step.until || Date.now() > deadline) return { reply, notes };
			await pause(Math.min(PAUSE_MS, patienceMs / 10));
		}
	}
}

interface Failure {
	type?: string | null;
	reason?: string | null;
}

function failureOf({ body }: Reply): Failure {
	const error = (body as { error?: Failure | string } | null)?.error;
	return typeof error === 'string' ? { reason: error } : (error ?? {});
}

/** Each difference between what must come back and what came. */
export function compare(expect: Expected, reply: Reply): string[] {
	const notes: string[] = [];
	const { type, reason } = failureOf(reply);
	const statuses = [expect.status].flat();
	if (!statuses.includes(reply.status)) {
		notes.push(`status ${reply.status}, not ${statuses.join(' or ')}`);
	}
	if (expect.type !== undefined && type !== expect.type) {
		notes.push(`type ${show(type)}, not ${expect.type}`);
	}
	if (expect.reason !== undefined && !reason?.startsWith(expect.reason)) {
		notes.push(`the reason ${show(reason)} does not begin ${show(expect.reason)}`);
	}
	if (expect.mentions !== undefined && !reason?.includes(expect.mentions)) {
		notes.push(`the reason ${show(reason)} does not mention ${show(expect.mentions)}`);
	}
	for (const [name, beginning] of Object.entries(expect.headers ?? {})) {
		const value = [reply.headers[name] ?? []].flat();
		if (!value.some((text) => text.startsWith(beginning))) {
			notes.push(`the header ${name} is ${show(value)}, not ${show(beginning)}`);
		}
	}
	if (expect.shape !== undefined) notes.push(...differences(expect.shape, reply.body));
	return notes;
}

function expectedText({ status, type, reason, mentions, shape }: Expected): string {
	return [
		[status].flat().join(' or '),
		type,
		reason,
		mentions !== undefined && `… ${mentions}`,
		shape !== undefined && show(shape),
	]
		.filter((part) => typeof part === 'string')
		.join(' ');
}

/** Without the body of a success: it may be long, and tell of other things of the cluster. */
function replyText(reply: Reply): string {
	const { type, reason } = failureOf(reply);
	return [String(reply.status), type, reason].filter((part) => typeof part === 'string').join(' ');
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
