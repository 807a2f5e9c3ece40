import { rebalance } from './state/allocation';
import type { Exchange } from './rest/exchange';
import type { Faults } from './faults/faults';
import type { Injection } from './rest/injection';
import type { HttpServer } from './rest/http';
import type { Security } from './security/security';
import { changeDeployment, seedDeployment, seedEndpoint, seedModel } from './state/seeding';
import { newRoute, type ClusterState, type Deployment } from './state/state';
import { remove } from './actions/stop';
import { leaveStopping, orphanDeployment, orphanEndpoint, shutDownNode } from './faults/mishaps';
import type {
	ClusterKnobs,
	DeploymentSeed,
	DeploymentView,
	EmbeddedCluster,
	EndpointSeed,
	FaultRule,
	InjectedAnswer,
	InjectedRequest,
	LoggedRequest,
	ModelSeed,
	StoppedDeployment,
} from './types';
import { viewOf } from './state/views';

interface Parts {
	state: ClusterState;
	security: Security;
	faults: Faults;
	server: HttpServer;
	exchange: Exchange;
	injection: Injection;
}

/** The handle that a test holds; what happens behind the HTTP API's back happens here. */
export class Cluster implements EmbeddedCluster {
	readonly apiKey: string;
	readonly user: { username: string; password: string };

	constructor(
		readonly endpoint: string,
		readonly caPem: string | undefined,
		private readonly parts: Parts,
	) {
		this.apiKey = parts.security.createApiKey({ privileges: ['all'], name: 'everything' });
		this.user = parts.security.user;
	}

	get requests(): LoggedRequest[] {
		return this.parts.exchange.log.requests;
	}

	get stopped(): StoppedDeployment[] {
		return this.parts.state.stopped;
	}

	createApiKey(options: { privileges: string[]; expired?: boolean; name?: string }): string {
		return this.parts.security.createApiKey(options);
	}

	addModel(model: ModelSeed): void {
		seedModel(this.parts.state, model);
	}

	addDeployment(deployment: DeploymentSeed): void {
		seedDeployment(this.parts.state, deployment);
	}

	addPipeline(pipeline: { id: string; model_id: string }): void {
		this.parts.state.pipelines.set(pipeline.id, pipeline.model_id);
	}

	addAlias(alias: { model_alias: string; model_id: string }): void {
		this.parts.state.aliases.set(alias.model_alias, alias.model_id);
	}

	addInferenceEndpoint(endpoint: EndpointSeed): void {
		seedEndpoint(this.parts.state, endpoint);
	}

	changeDeployment(deploymentId: string, changes: Partial<DeploymentSeed>): void {
		changeDeployment(this.parts.state, this.existing(deploymentId), changes);
		this.parts.state.changed();
	}

	restartDeployment(deploymentId: string): void {
		const { state } = this.parts;
		const old = this.existing(deploymentId);
		const now = state.clock.now();
		const routes = [...old.routes].map(
			([nodeId, route]) =>
				[nodeId, { ...newRoute(route.target, 'started'), start_time: now }] as const,
		);
		state.deployments.set(deploymentId, {
			...old,
			assignment_state: 'started',
			reason: undefined,
			start_time: now,
			start_time_text: undefined,
			stopping: undefined,
			routes: new Map(routes),
		});
		state.changed();
	}

	removeDeployment(deploymentId: string): void {
		remove(this.parts.state, this.existing(deploymentId));
	}

	orphanEndpoint(inferenceId: string): void {
		orphanEndpoint(this.parts.state, inferenceId);
	}

	orphanDeployment(inferenceId: string): void {
		orphanDeployment(this.parts.state, inferenceId);
	}

	leaveStopping(deploymentId: string): void {
		leaveStopping(this.parts.state, this.existing(deploymentId));
	}

	shutDownNode(nodeId: string): void {
		shutDownNode(this.parts.state, nodeId);
	}

	deployment(deploymentId: string): DeploymentView | undefined {
		const { state } = this.parts;
		state.clock.settle();
		const deployment = state.deployments.get(deploymentId);
		return deployment && viewOf(state, deployment);
	}

	deployments(): DeploymentView[] {
		const { state } = this.parts;
		state.clock.settle();
		return [...state.deployments.values()].map((deployment) => viewOf(state, deployment));
	}

	maxInFlight(): number {
		return this.parts.exchange.log.maxInFlight();
	}

	resetLog(): void {
		this.parts.exchange.log.reset();
		this.parts.state.stopped.length = 0;
	}

	fault(fault: FaultRule): void {
		if (fault.kind === 'refuse' && !fault.skip) this.parts.server.refuse(fault.ms);
		else this.parts.faults.add(fault);
	}

	clearFaults(): void {
		this.parts.faults.clear();
		this.parts.server.reopen();
	}

	async inject(request: InjectedRequest): Promise<InjectedAnswer> {
		return await this.parts.injection.answer(request);
	}

	async advance(ms: number): Promise<void> {
		await this.parts.state.clock.advance(ms);
	}

	now(): number {
		return this.parts.state.clock.now();
	}

	set(knobs: Partial<ClusterKnobs>): void {
		const { state } = this.parts;
		Object.assign(state.knobs, knobs);
		// Nodes came or went, or the platform may grow: what is missing is planned anew.
		if (knobs.nodes || knobs.scalingPossible) rebalance(state);
	}

	async close(): Promise<void> {
		this.parts.state.clock.close();
		await this.parts.server.close();
	}

	private existing(deploymentId: string): Deployment {
		const deployment = this.parts.state.deployments.get(deploymentId);
		if (!deployment) throw new Error(`the cluster has no deployment ${deploymentId}`);
		return deployment;
	}
}
