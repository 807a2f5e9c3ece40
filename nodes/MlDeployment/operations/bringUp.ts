/** Bringing a deployment to life: what Start does, and Scale where it is absent. */

import type { IDataObject } from 'n8n-workflow';

import { failureReason, type Settings } from '../../elasticsearch/deployment';
import { lookUp, updateDeployment } from '../../elasticsearch/deployments';
import { failed, success, type Failure, type Result } from '../../elasticsearch/result';
import {
	differences,
	lookForRoom,
	startDeployment,
	type Difference,
	type StartSpec,
} from '../../elasticsearch/start';
import type { Deployment } from '../../elasticsearch/types';
import type { Session } from '../operation';

const BOUNDS_REMOVED = { min_number_of_allocations: null, max_number_of_allocations: null };

export interface BringUp {
	spec: StartSpec;
	/** What to do where it runs with other settings. */
	whenExists: 'error' | 'update';
	/** How long to wait for one that is stopping to be gone. */
	timeoutMs: number;
	/** How often `_start` is sent again after a lost answer. */
	retries: number;
}

export interface BroughtUp {
	changed: boolean;
	/** Null where it ran already, or the cluster's answer was lost. */
	assignment: IDataObject | null;
}

/**
 * Starts it, or finds that it runs as asked for, or changes what can be changed. Looking and
 * sending are one turn, so that starts go out in the order of the items; one that is stopping is
 * waited out between two turns, so that it holds nobody else back.
 */
export async function bringUp(session: Session, wanted: BringUp): Promise<Result<BroughtUp>> {
	const { spec, timeoutMs, retries } = wanted;
	const { connection } = session;
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const turn = await session.inTurn(async (): Promise<Result<BroughtUp> | 'stopping'> => {
			const look = await lookUp(connection, spec.deploymentId);
			if (!look.ok) return look;
			const taken = look.value.found === 'deployment' ? look.value.deployment : undefined;
			if (taken?.state === 'stopping') return 'stopping';
			if (taken !== undefined) return await adopt(session, taken, wanted);
			const started = await startDeployment(connection, spec, retries);
			if (!started.ok) return started;
			if (started.value.is === 'taken')
				return await adopt(session, started.value.deployment, wanted);
			return success({ changed: true, assignment: started.value.assignment });
		});
		if (turn !== 'stopping') return turn;
		const room = await lookForRoom(connection, spec.deploymentId, deadline - Date.now());
		if (!room.ok) return room;
	}
}

/** An id that is taken: the same settings are a success, others are named. */
async function adopt(
	session: Session,
	deployment: Deployment,
	{ spec, whenExists, timeoutMs }: BringUp,
): Promise<Result<BroughtUp>> {
	if (deployment.state === 'failed') return failed(failedBefore(deployment));
	const found = differences(spec, deployment);
	if (found.length === 0) return success({ changed: false, assignment: null });
	const fixed = found.filter((each) => !each.updatable);
	if (whenExists === 'error' || fixed.length > 0) {
		return failed(differs(deployment.id, found, fixed));
	}
	if (deployment.state === 'starting') {
		// _update takes started ones only (facts 1.2, step 8).
		const started = await session.watch.until(deployment.id, 'started', timeoutMs);
		if (!started.ok) return started;
	}
	const updated = await updateDeployment(
		session.connection,
		deployment.id,
		updateFor(spec, deployment),
	);
	return updated.ok ? success({ changed: true, assignment: updated.value }) : updated;
}

/** What `_update` needs to be told to get from the deployment to the spec. */
export function updateFor(spec: StartSpec, deployment: Deployment): IDataObject {
	if (spec.adaptive?.enabled === true) {
		// A null removes a bound; one that is left out would stay as stored (facts 1.1).
		const none = spec.exact === true && BOUNDS_REMOVED;
		return { adaptive_allocations: { ...none, ...spec.adaptive } };
	}
	const number = { number_of_allocations: spec.numberOfAllocations };
	if (deployment.adaptive?.enabled !== true) return number;
	return { ...number, adaptive_allocations: { enabled: false } };
}

export function failedBefore(deployment: Deployment): Failure {
	return {
		kind: 'outcome',
		message: `The deployment '${deployment.id}' exists but did not start: ${failureReason(deployment) ?? 'the cluster gives no reason'}`,
		next: 'Stop it first, remove the cause, then start it again',
	};
}

function differs(id: string, found: Difference[], fixed: Difference[]): Failure {
	const list = (which: Difference[]): string =>
		which.map(({ setting, is, wanted }) => `${setting} is ${is}, not ${wanted}`).join('; ');
	const next =
		fixed.length > 0
			? `Only allocations can be changed while it runs: stop it first, then start it. In the way: ${list(fixed)}`
			: "Set the option 'When Already Running' to 'Update' to change it, or use the operation Scale";
	return {
		kind: 'outcome',
		message: `The deployment '${id}' runs already with other settings: ${list(found)}`,
		next,
	};
}

/** How it would be once started; adaptive ones begin at their minimum, at least 1. */
export function started(spec: StartSpec): Settings {
	const number =
		spec.numberOfAllocations ?? Math.max(1, spec.adaptive?.min_number_of_allocations ?? 1);
	return {
		state: 'started',
		number_of_allocations: number,
		adaptive_allocations: spec.adaptive === undefined ? null : { ...spec.adaptive },
	};
}
