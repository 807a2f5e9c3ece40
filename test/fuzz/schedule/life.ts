import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { restoresIn } from '../../engine/execution/journal/handedOn';
import { ruleOf } from '../../engine/execution/memory/history';
import { memoryOf, missing } from '../../engine/execution/memory/lost';
import { credentialFor, givenCluster, lines, parameters, theEngine } from '../../engine/given';
import type { RunResult } from '../../engine/harness';
import { eventually } from '../../eventually';
import { broken } from '../lawful';
import { IDS, type Step } from './draw';
import { unmeant } from './meant';
import { claimsOf, failedIn, type Claim } from './report';
import { World, type Size } from './world';

/** One workflow and its cluster, from run to run. */
export class Life {
	/** How many runs got to what the schedule is about. */
	readonly reached = { stops: 0, starts: 0, updates: 0, cancels: 0, failures: 0, deeds: 0 };

	private readonly staticData: IDataObject = {};

	/** The last restore of each that a run handed on. */
	private readonly restores = new Map<string, string>();

	/** What the workflow has said of each, and what others told of what they did. */
	private readonly said: Map<string, Size>;

	private last: { step: Step; result?: RunResult; before: unknown; requests: string[] } | undefined;

	private constructor(
		private readonly cluster: EmbeddedCluster,
		private readonly world: World,
	) {
		this.said = world.sizes();
	}

	static async begin(): Promise<Life> {
		// The scaler is nobody who changes things here.
		const cluster = await givenCluster({ version: '9.2', scaleToZeroMs: 1e12 });
		const bounds = { enabled: true, min_number_of_allocations: 0, max_number_of_allocations: 3 };
		IDS.forEach((id, place) => {
			cluster.addDeployment({
				deployment_id: id,
				number_of_allocations: place + 1,
				adaptive_allocations: place === 1 ? bounds : null,
			});
		});
		return new Life(cluster, new World(cluster));
	}

	/** Runs the node once. @returns what is wrong with what it did or said */
	async live(step: Step): Promise<string[]> {
		const { cluster, world } = this;
		const before: Record<string, Size> = Object.fromEntries(world.sizes());
		const sizes = new Map([...world.had].map(([id, had]) => [id, new Set(had)]));
		this.last = { step, before, requests: [] };
		const held = memoryOf(this.staticData);
		world.begin();
		if (step.deed?.at === 0) world.befall(step.deed.what);
		const result = await this.run(step);
		this.last = { step, result, before, requests: lines(cluster.requests) };
		cluster.clearFaults();
		await eventually(() => cluster.deployments().every(({ state }) => state !== 'stopping'));
		world.end();
		const ids = IDS.filter((id) => !world.touched.has(id));
		const stops = cluster.stopped.filter(({ deployment_id: id }) => ids.includes(id));
		const now = memoryOf(this.staticData);
		const wrong = [
			...missing(cluster, step, { ids, result, stops, held, now }),
			...this.judge(step, result, ids, before),
			...unmeant(step, world.changes, sizes),
		];
		this.remember(result);
		this.note(step, result);
		return [...wrong, ...broken(result, cluster, theEngine().logs)];
	}

	private async run(step: Step): Promise<RunResult> {
		const { cluster, world } = this;
		let request = 0;
		let cancel = (): void => {};
		cluster.fault({
			kind: 'effect',
			times: Infinity,
			effect: () => {
				request++;
				world.note();
				if (step.deed?.at === request) world.befall(step.deed.what);
				if (step.cancelAt === request) cancel();
			},
		});
		for (const each of step.troubles) cluster.fault(ruleOf(each));
		if (step.down !== null) cluster.fault({ kind: 'refuse', ...step.down });
		const running = theEngine().runNode({
			parameters: parameters(step.operation, {
				...step.fields,
				options: { ...step.options, details: true, requestTimeout: 20, waitTimeout: 3 },
			}),
			items: step.items.map((item) => ({ ...item, restore: this.restores.get(item.id) ?? null })),
			credentials: credentialFor(cluster),
			onError: step.onError,
			retryOnFail: step.tries > 1,
			maxTries: step.tries,
			mode: step.byHand ? 'manual' : 'trigger',
			staticData: this.staticData,
		});
		cancel = () => running.cancel();
		return await running.result;
	}

	/** Compares what the run said with what it did, and takes its word for the report. */
	private judge(
		step: Step,
		result: RunResult,
		untouched: readonly string[],
		before: Readonly<Record<string, Size>>,
	): string[] {
		const { changes } = this.world;
		const real = this.world.sizes();
		const claims = claimsOf(result);
		const failed = failedIn(result);
		const isCanceled = result.status === 'canceled';
		const untold = (result.tries - 1) * step.items.length;
		return IDS.flatMap((id): string[] => {
			const mine = claims.filter((each) => each.id === id);
			const did = changes.filter((each) => each.id === id);
			const last = mine.at(-1);
			const isNamed = failed.has(id);
			// Who runs others' changes, or stops the execution, looks for themselves.
			if (!untouched.includes(id) || isCanceled) {
				this.said.set(id, real.get(id));
				return [];
			}
			if (last !== undefined && last.size !== null) this.said.set(id, last.size);
			const wrong: string[] = [];
			if (did.length > 0 && last === undefined && !isNamed) {
				wrong.push(`'${id}' was changed in silence: ${JSON.stringify(did)}`);
			}
			const seen = visible(mine, before[id]);
			if (!isNamed) wrong.push(...miscounted(id, seen, did, untold));
			wrong.push(...invented(seen, did));
			// A failure says that nobody knows, or that it is not done: then a person looks.
			if (isNamed) this.said.set(id, real.get(id));
			if (!Object.is(this.said.get(id), real.get(id))) {
				const [said, is] = [this.said.get(id), real.get(id)].map((each) => each ?? 'absent');
				wrong.push(`'${id}' is said to be ${said}, and is ${is}`);
			}
			return wrong;
		});
	}

	private remember(result: RunResult): void {
		for (const restore of restoresIn(result)) {
			this.restores.set(String(restore.deployment_id), JSON.stringify(restore));
		}
	}

	private note({ deed }: Step, result: RunResult): void {
		const count = (is: string): number =>
			this.world.changes.filter((each) => each.is === is).length;
		this.reached.stops += count('stop');
		this.reached.starts += count('start');
		this.reached.updates += count('update');
		if (result.status === 'canceled') this.reached.cancels++;
		if (result.status === 'error') this.reached.failures++;
		if (deed !== null) this.reached.deeds++;
	}

	report(): IDataObject {
		return Object.fromEntries(this.said) as IDataObject;
	}

	reality(): IDataObject {
		return Object.fromEntries(this.world.sizes()) as IDataObject;
	}

	/** All that a person needs to understand the last run. */
	shown(): string {
		const { step, result, before, requests = [] } = this.last ?? {};
		const error = result?.error as
			(Error & { description?: string; context?: unknown }) | undefined;
		return [
			`The run: ${JSON.stringify(step)}`,
			`Before: ${JSON.stringify(before)}`,
			...requests.map((line) => `  ${line}`),
			`By the node: ${JSON.stringify(this.world.changes)}, by others: ${[...this.world.touched].join(', ')}`,
			`After: ${JSON.stringify(this.reality())}`,
			`${result?.status} after ${result?.tries} tries: ${error?.message ?? ''} ${error?.description ?? ''}`,
			`Error data: ${JSON.stringify(error?.context)}`,
			...(result?.outputs.flat().map(({ json }) => `Output: ${JSON.stringify(json)}`) ?? []),
		].join('\n');
	}
}

/** Without updates to the size that a deployment has: these are done and told, and show nowhere. */
function visible(claims: readonly Claim[], before: Size): Claim[] {
	let size: Size = before;
	return claims.filter((each) => {
		const isSame = each.did === 'update' && Object.is(each.size, size);
		if (each.size !== null) size = each.size;
		return !isSame;
	});
}

/** What a run says to have done, although it did no such thing. */
function invented(claims: readonly Claim[], did: World['changes']): string[] {
	return claims.flatMap(({ id, did: is, size }) => {
		if (is === null || size === null) return [];
		const isTrue = did.some((each) => each.is === is && Object.is(each.to, size));
		return isTrue ? [] : [`'${id}': '${is}' to ${size ?? 'absent'} is told, and was not done`];
	});
}

/** Each change is told once, and each that is told was made once. */
function miscounted(
	id: string,
	claims: readonly Claim[],
	did: World['changes'],
	untold: number,
): string[] {
	return (['start', 'stop', 'update'] as const).flatMap((is) => {
		const told = claims.filter((each) => each.did === is).length;
		const made = did.filter((each) => each.is === is).length;
		// What an earlier try started or resized, the last one finds as asked, or resizes again.
		const mayBeUntold = is === 'stop' ? 0 : untold;
		if (told <= made && made <= told + mayBeUntold) return [];
		return [`'${id}': ${made} times '${is}' was done, ${told} times told`];
	});
}
