import type { EmbeddedCluster } from '../cluster';
import type { GivenDeployment, Reply, Sent } from './case';
import { mayBeSent } from './guard';
import { Like } from './shape';
import { holdsOn, since, type ClusterVersion } from './versions';

/** Where cases run: a cluster, and what the run calls its own there. */
export interface WorldOptions {
	version: ClusterVersion;
	/** A PyTorch model that deployments are made of. */
	model: string;
	/** Begins every id of the run; begins itself with `conformance-`. */
	prefix: string;
	send: (sent: Sent, key?: string) => Promise<Reply>;
	/** How long a step with `until` is asked again. */
	patienceMs: number;
	/** The cluster's handle, where it is an embedded one. */
	cluster?: EmbeddedCluster;
	/** Where nothing may be changed. */
	readOnly?: boolean;
	/** Once aborted, no case sends anything any more; cleaning up still does. */
	signal?: AbortSignal;
}

const STOP_TRIES = 3;

/** No room, or not ready in time: says nothing about the case. */
export class CannotBeGiven extends Error {}

/** Ids of the run, and the one place where a case's request leaves. */
export class World {
	/** Deployments that may be there: entered before their start is sent. */
	private readonly made = new Set<string>();

	constructor(readonly options: WorldOptions) {}

	id = (name: string): string => `${this.options.prefix}${name}`;

	/** Fills in `{model}` and `{name}`. */
	fill(text: string): string {
		const { model } = this.options;
		return text.replace(/\{([a-z][a-z0-9-]*)\}/g, (_, name: string) =>
			name === 'model' ? model : this.id(name),
		);
	}

	/** The same in every text of a value, keys too. */
	fillAll(value: unknown): unknown {
		if (typeof value === 'string') return this.fill(value);
		if (value instanceof Like) return value.filled((inner) => this.fillAll(inner));
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return value.map((inner) => this.fillAll(inner));
		return Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [this.fill(key), this.fillAll(inner)]),
		);
	}

	/** Sends what the run may send; anything else is a mistake in a case. */
	async send(sent: Sent): Promise<Reply> {
		const { prefix, model, readOnly = false, cluster, signal } = this.options;
		if (signal?.aborted) throw new CannotBeGiven('the run was interrupted');
		const path = this.fill(sent.path);
		const body = sent.body === undefined ? undefined : (this.fillAll(sent.body) as object);
		// A cluster that lives in this process is nobody else's.
		if (cluster === undefined || readOnly) {
			const refusal = mayBeSent({ ...sent, path }, { prefix, model, readOnly });
			if (refusal !== undefined) throw new Error(refusal);
		}
		if (path.includes('/_start')) this.made.add(startedBy(path));
		const key =
			typeof sent.as === 'object' ? this.options.cluster?.createApiKey(sent.as) : undefined;
		return await this.options.send({ ...sent, path, body }, key);
	}

	/** Makes a deployment through the API, and waits until all of it runs. */
	async give(given: GivenDeployment): Promise<void> {
		const { version, cluster } = this.options;
		const {
			name,
			adaptive_allocations: adaptive,
			...settings
		} = version.serverless ? adaptiveTwin(given) : given;
		const query = new URLSearchParams({ wait_for: 'fully_allocated', timeout: '60s' });
		for (const [key, value] of Object.entries(settings)) query.set(key, String(value));
		// Before 8.8 a deployment bears the id of its model, so an embedded cluster gets one of that name.
		const hasIds = holdsOn(since('8.8'), version);
		if (hasIds) query.set('deployment_id', this.id(name));
		else cluster?.addModel({ model_id: this.id(name) });
		const model = hasIds ? this.options.model : this.id(name);
		const path = `/_ml/trained_models/${encodeURIComponent(model)}/deployment/_start?${query}`;
		const body = adaptive && { adaptive_allocations: adaptive };
		const reply = await this.send({ method: 'POST', path, body });
		if (reply.status === 200) return;
		const answer = `${reply.status} ${JSON.stringify(reply.body)}`;
		if (reply.status === 429 || reply.status === 408) {
			throw new CannotBeGiven(`the cluster has no room for a deployment: ${answer}`);
		}
		throw new Error(`the deployment that the case needs was not started: ${answer}`);
	}

	/** Stops what the run made; the ids of what could not be stopped. */
	async clean(): Promise<string[]> {
		for (const id of [...this.made]) {
			if (await this.stop(id)) this.made.delete(id);
		}
		return [...this.made];
	}

	private async stop(id: string): Promise<boolean> {
		const path = `/_ml/trained_models/${encodeURIComponent(id)}/deployment/_stop?force=true&allow_no_match=true`;
		for (let tries = 0; tries < STOP_TRIES; tries++) {
			const reply = await this.options.send({ method: 'POST', path }).catch(() => undefined);
			if (reply?.status === 200) return true;
		}
		return false;
	}
}

/** Serverless runs adaptive deployments only: a fixed number is the same minimum and maximum there. */
function adaptiveTwin({
	number_of_allocations: number,
	...given
}: GivenDeployment): GivenDeployment {
	if (number === undefined || given.adaptive_allocations) return given;
	const bounds = { min_number_of_allocations: number, max_number_of_allocations: number };
	return { ...given, adaptive_allocations: { enabled: true, ...bounds } };
}

/** The deployment that a `_start` with this path begins. */
function startedBy(path: string): string {
	const [, model = '', , query = ''] =
		/trained_models\/([^/]+)\/deployment\/_start(\?(.*))?$/.exec(path) ?? [];
	return new URLSearchParams(query).get('deployment_id') ?? decodeURIComponent(model);
}
