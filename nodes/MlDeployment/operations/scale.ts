import type { IDataObject } from 'n8n-workflow';

import { settingsAfter } from '../../elasticsearch/allocations';
import { settingsOf } from '../../elasticsearch/deployment';
import { lookUp, type Lookup } from '../../elasticsearch/deployments';
import { isAsDesired, settingsOfAssignment } from '../../elasticsearch/desired';
import { isLeftToEndpoint } from '../../elasticsearch/inference';
import type { Pattern } from '../../elasticsearch/pattern';
import { isEndpointOwned, resize, type Resize } from '../../elasticsearch/resize';
import type { Failure, Result } from '../../elasticsearch/result';
import type { SelectionRules } from '../../elasticsearch/selection';
import { lookForRoom } from '../../elasticsearch/start';
import type { Deployment } from '../../elasticsearch/types';
import { isUndone, type Done, type Operation, type Outcome, type Session } from '../operation';
import { failedBefore } from './bringUp';
import { readRules, selectMatching } from './matching';
import { scaleAbsent } from './scaleAbsent';
import { readScale, scaleFields, type Scale } from './scaleFields';
import { showResize } from './showResize';
import { asScaled, settle, untouched } from './scaleOutcomes';
import { cannotTellOwner } from './stopOutcomes';
import { stopSeen } from './stopSeen';

export const scale: Operation = {
	option: {
		name: 'Scale',
		value: 'scale',
		action: 'Scale a deployment',
		description:
			'Bring deployments to a wanted size: start, update or stop (0) as needed; a second run changes nothing',
	},
	changes: true,
	fields: scaleFields,
	prepare(input) {
		const settings = input.requestSettings();
		if (input.choice('target', 'Target', ['one', 'pattern']) === 'one') {
			const id = input.deploymentId();
			const wanted = readScale(input, id);
			return { touches: { id }, settings, run: (session) => scaleOne(session, id, wanted) };
		}
		const wanted = readScale(input);
		const pattern = input.pattern();
		// A morning's scale-up must not be green over an empty list.
		const rules: SelectionRules = { ...readRules(input), allowNoMatch: false };
		return {
			touches: 'many',
			settings,
			run: (session) => scaleMatching(session, pattern, rules, wanted),
		};
	},
};

async function* scaleOne(session: Session, id: string, wanted: Scale): AsyncGenerator<Outcome> {
	// Before the look, so that nothing comes between the look and a stop.
	if (wanted.resize === undefined) await session.endpoints();
	const look = async (): Promise<Result<Lookup>> => await lookUp(session.connection, id);
	// What may have to be started takes its turn already for the look: starts go in input order.
	const looked = wanted.startFrom === undefined ? await look() : await session.inTurn(look);
	if (!looked.ok)
		return yield { failure: looked.failure, subject: { doing: 'read', deploymentId: id } };
	const { value } = looked;
	yield value.found === 'deployment'
		? await scaleSeen(session, value.deployment, wanted)
		: await scaleAbsent(session, id, value, wanted);
}

async function* scaleMatching(
	session: Session,
	pattern: Pattern,
	rules: SelectionRules,
	wanted: Scale,
): AsyncGenerator<Outcome> {
	const selection = await selectMatching(session, pattern, rules);
	if (!selection.ok) return yield { failure: selection.failure, subject: { doing: 'read' } };
	const { matched, excluded } = selection.value;
	if (matched.length === 0)
		return yield { failure: allExcluded(pattern), subject: { doing: 'read' } };
	const { includeEndpointOwned, resize: size, stop } = wanted;
	if (size === undefined && !includeEndpointOwned) {
		const endpoints = await session.endpointsForSure();
		if (!endpoints.ok) return yield { failure: endpoints.failure, subject: { doing: 'read' } };
		if (endpoints.value === null && stop.run.force) {
			return yield { failure: cannotTellOwner(), subject: { doing: 'stop' } };
		}
	}
	for (const each of excluded) yield untouched(each, 'excluded', wanted);
	for (const { id } of matched) yield* scaleOne(session, id, wanted);
}

function allExcluded(pattern: Pattern): Failure {
	return {
		kind: 'outcome',
		message: `Everything that matches '${pattern.join(',')}' is excluded, so nothing was changed`,
		next: "Correct the pattern or the option 'Exclude'",
	};
}

async function scaleSeen(
	session: Session,
	deployment: Deployment,
	wanted: Scale,
): Promise<Outcome> {
	if (wanted.resize === undefined) return await scaleToZero(session, deployment, wanted);
	const { id } = deployment;
	const subject = { doing: 'update', deploymentId: id } as const;
	if (deployment.state === 'failed') return { failure: failedBefore(deployment), subject };
	if (deployment.state === 'stopping') {
		const room = await lookForRoom(session.connection, id, wanted.waiting.timeoutMs);
		if (!room.ok) return { failure: room.failure, subject };
		return await scaleAbsent(session, id, { found: 'nothing' }, wanted);
	}
	if (isAsDesired(deployment, wanted.resize.allocations, wanted.resize.whenAdaptive)) {
		return await settle(session, untouched(deployment, undefined, wanted), id, wanted);
	}
	if (wanted.dryRun) return await show(session, deployment, wanted.resize);
	return await change(session, deployment, wanted.resize, wanted);
}

async function scaleToZero(
	session: Session,
	deployment: Deployment,
	wanted: Scale,
): Promise<Outcome> {
	const owned =
		!wanted.includeEndpointOwned && isLeftToEndpoint(deployment.id, await session.endpoints());
	if (owned) return untouched(deployment, 'endpoint_owned', wanted);
	const outcome = await stopSeen(session, deployment, wanted.stop);
	// What the cluster itself protects is left alone by a pattern.
	const refused = wanted.byPattern && isUndone(outcome) && isEndpointOwned(outcome.failure);
	return refused ? untouched(deployment, 'endpoint_owned', wanted) : asScaled(deployment, outcome);
}

async function change(
	session: Session,
	deployment: Deployment,
	wanted: Resize,
	{ waiting, ...scale }: Scale,
): Promise<Outcome> {
	const { id } = deployment;
	const subject = { doing: 'update', deploymentId: id } as const;
	if (deployment.state === 'starting') {
		// _update takes started ones only (facts 1.2, step 8).
		const started = await session.watch.until(id, 'started', waiting.timeoutMs);
		if (!started.ok) return { failure: started.failure, subject };
	}
	const resized = await resize(session.connection, id, wanted, session.endpoints);
	if (!resized.ok) return { failure: resized.failure, subject };
	const after =
		resized.value === null
			? settingsAfter(deployment, { number_of_allocations: numberOf(wanted) })
			: settingsOfAssignment(resized.value);
	const json: IDataObject = { deployment_id: id, action: 'update', changed: true };
	// The inference API answers with its endpoint, which holds no assignment.
	if (resized.value === null) json.changed_through = 'inference_api';
	const done: Done = {
		json: { ...json, before: settingsOf(deployment), after },
		did: `scaled '${id}'`,
	};
	return await settle(session, done, id, { waiting, ...scale });
}

function numberOf({ allocations }: Resize): number | undefined {
	return allocations.mode === 'fixed' ? allocations.number : undefined;
}

async function show(session: Session, deployment: Deployment, wanted: Resize): Promise<Outcome> {
	const { id } = deployment;
	const shown = await showResize(session, deployment, wanted);
	if (!shown.ok) return { failure: shown.failure, subject: { doing: 'update', deploymentId: id } };
	return { json: { deployment_id: id, changed: false, ...shown.value } };
}
