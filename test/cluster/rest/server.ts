import { Clock } from '../state/clock';
import { Cluster } from '../cluster';
import { Exchange } from './exchange';
import { Faults } from '../faults/faults';
import { HttpServer } from './http';
import { Injection } from './injection';
import { routes } from '../routes';
import { runScaler } from '../actions/scaler';
import { Security } from '../security/security';
import { seedModel } from '../state/seeding';
import { ClusterState, DEFAULT_NODES } from '../state/state';
import { certificates } from '../tls';
import type { Route } from './route';
import type { ClusterKnobs, ClusterOptions, EmbeddedCluster } from '../types';
import { featuresOf } from '../settings/versions';

const DEFAULT_KNOBS: ClusterKnobs = {
	nodes: DEFAULT_NODES,
	scalingPossible: false,
	growthDelayMs: 30_000,
	allocationDelayMs: 0,
	overlappingStops: 'wait',
	masterTimeoutMs: 0,
	scaleCooldownMs: 5 * 60_000,
	maxDeployments: 100,
	wakeUp: 'wait',
	inferenceMs: 0,
	inferenceIndexDown: false,
	serverlessHidesState: false,
	remoteMaster: false,
	featureReset: false,
	licensed: true,
	masterPresent: true,
	upgradeInProgress: false,
	mlEnabled: true,
};

/** Starts a cluster on 127.0.0.1. @param more routes that it has beside its own, e.g. of the bench */
export async function startCluster(
	options: ClusterOptions = {},
	more: Route[] = [],
): Promise<EmbeddedCluster> {
	const {
		version = '9.2',
		tls,
		port = 0,
		basePath = '',
		security: secured = true,
		now,
		...rest
	} = options;
	const features = featuresOf(version);
	const clock = new Clock(now);
	const state = new ClusterState(clock, features, {
		...DEFAULT_KNOBS,
		serverlessHidesState: features.serverless,
		...withoutUndefined(rest),
	});
	const security = new Security(secured, features);
	const faults = new Faults();
	const pems = tls ? await certificates() : undefined;
	const server = new HttpServer(basePath.replace(/\/+$/, ''), pems);
	const exchange = new Exchange(state, security, faults, () => {
		const refusal = faults.takeRefusal();
		if (refusal) server.refuse(refusal.ms);
	});
	const served = [...routes, ...more].filter(
		(route) => (route.since?.(features) ?? true) && (secured || !route.security),
	);
	server.mount(served, exchange);
	const injection = new Injection(served, exchange);
	seedModel(state, {
		model_id: 'lang_ident_model_1',
		model_type: 'lang_ident',
		size_bytes: 1_053_992,
		tags: ['lang_ident', 'prepackaged'],
		create_time: Date.UTC(2020, 2, 4),
	});
	runScaler(state);
	const endpoint = await server.open(port);
	return new Cluster(endpoint, pems?.caPem, {
		state,
		security,
		faults,
		server,
		exchange,
		injection,
	});
}

function withoutUndefined<T extends object>(options: T): T {
	return Object.fromEntries(
		Object.entries(options).filter(([, value]) => value !== undefined),
	) as T;
}
