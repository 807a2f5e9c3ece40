import type { Settings } from '../../../elasticsearch/deployment/deployment';
import { settingsOfAssignment } from '../../../elasticsearch/api/deployments';
import { isAsDesired, readAdaptive } from '../../../elasticsearch/deployment/allocations';
import { resize } from '../../../elasticsearch/flows/resize';
import type { Connection } from '../../../elasticsearch/transport/connection';
import { problem, type FlowResult } from '../../../elasticsearch/flows/failure';
import { success } from '../../../elasticsearch/transport/failure';
import type { RestoredStart } from '../../../elasticsearch/deployment/parseRestore';
import type { Absent, Deployment } from '../../../elasticsearch/deployment/state';
import type { Success, Outcome, RunContext } from '../../execution/operation';
import { outputOf } from '../shared/change';
import { waitIfAsked } from '../shared/awaitState';
import { notThere } from '../stop/output';
import { clusterWarnings, ensureStarted, settingsAround } from '../start/ensureStarted';
import { fromMemory, modelDeleted } from '../start/remembered';
import { showStart } from '../start/dryRun';
import type { ScaleGoal } from './parameters';
import { allocationsFor, sized } from './size';

/**
 * Scales a deployment that is absent: starts it if the goal says how.
 * @param stopping only for a dry run: the deployment, which is still there but stopping
 * @returns the deployment if somebody else started it meanwhile, so that the caller decides anew
 */
export async function scaleAbsent(
	context: RunContext,
	id: string,
	look: Absent,
	goal: ScaleGoal,
	stopping?: Deployment,
): Promise<Outcome | { taken: Deployment }> {
	const modelId = look.found === 'not_deployed' ? look.modelId : null;
	const restore = context.memory.recall(id);
	// What a pattern matched was there a moment ago, so its id is no typo.
	const isKnown = goal.byPattern || modelId !== null || restore !== undefined;
	if (goal.rule === 'atMost' && isKnown) {
		return notThere({ id, modelId, restore }, 'not_deployed', goal);
	}
	const from = startOf(context, id, look, goal);
	if (!from.ok) return { failure: from.failure, subject: { deploymentId: id } };
	const { spec, cluster } = from.value;
	const subject = { deploymentId: id, modelId: spec.modelId };
	if (goal.dryRun) {
		const shown = await showStart(context, spec, stopping);
		return shown.ok ? outputOf(shown.value) : { failure: shown.failure, subject };
	}
	const { deadline } = goal.waiting;
	const up = await ensureStarted(context, {
		spec,
		whenExists: 'tell',
		deadline,
		retries: goal.retries,
	});
	if (!up.ok) {
		const deleted =
			goal.startFrom.from === 'memory' ? modelDeleted(context, spec, up.failure) : undefined;
		return deleted ?? { failure: up.failure, subject };
	}
	const { changed, taken } = up.value;
	if (taken !== undefined) return { taken };
	const { before, after } = settingsAround(spec, up.value);
	const output = (settings: Settings): Success => ({
		...outputOf({
			id,
			modelId: spec.modelId,
			action: changed ? 'start' : 'none',
			reason: changed ? undefined : 'as_asked',
			before,
			after: settings,
			warnings: clusterWarnings(context, cluster),
		}),
		...(changed && { did: `started '${id}'` }),
	});
	const held = await pinToNumber(context, id, goal, after);
	if (!held.ok) return { failure: held.failure, subject, done: output(after) };
	const isAdaptive = readAdaptive(held.value.adaptive_allocations)?.enabled === true;
	const numberOfAllocations = isAdaptive ? undefined : held.value.number_of_allocations;
	const expected = { ...up.value.expected, numberOfAllocations };
	return waitIfAsked(context, output(held.value), subject, goal, expected);
}

/** What the goal starts if the deployment is absent. */
function startOf(
	context: RunContext,
	id: string,
	look: Absent,
	goal: ScaleGoal,
): FlowResult<RestoredStart> {
	const { startFrom: from } = goal;
	const later = context.journal.stoppedByLater(id);
	if (later !== undefined && (from.from === 'model' || from.from === 'restore')) {
		// Retry On Fail: with these settings it would be stopped once more, and how it ran be lost.
		return { ok: false, failure: problem({ code: 'stopped_by_later', id, item: later }) };
	}
	switch (from.from) {
		case 'memory': {
			const restored = fromMemory(context, id);
			if (!restored.ok) return restored;
			return resized(restored.value, goal);
		}
		case 'restore':
			if (from.restored === undefined) break;
			return resized(from.restored, goal);
		case 'model':
			// The id may be a model's whose deployments have other ids: nobody wants a second one then.
			if (from.modelGuessed && look.found === 'other_ids') break;
			return success({ spec: from.spec, cluster: null });
		case 'nothing':
	}
	const { byPattern } = goal;
	return { ok: false, failure: problem({ code: 'nothing_to_scale', id, look, byPattern }) };
}

function resized({ spec, cluster }: RestoredStart, goal: ScaleGoal): FlowResult<RestoredStart> {
	const size = sized(spec, goal);
	return size.ok ? success({ spec: size.value, cluster }) : size;
}

/** Serverless starts every deployment as adaptive, so its bounds have to hold a fixed number. */
async function pinToNumber(
	context: RunContext,
	id: string,
	goal: ScaleGoal,
	now: Settings,
): Promise<FlowResult<Settings>> {
	const adaptive = readAdaptive(now.adaptive_allocations);
	const current = { adaptive, numberOfAllocations: now.number_of_allocations };
	const allocations = allocationsFor(current, goal);
	if (allocations === undefined || isAsDesired(current, allocations, goal.resize.whenAdaptive)) {
		return success(now);
	}
	// It completes what the start began, so it is sent even if another item has ended the run.
	const { connection } = context;
	const completing: Connection = {
		...connection,
		send: async (request, own) => await connection.send({ ...request, completes: true }, own),
	};
	const to = { ...goal.resize, allocations };
	const resized = await resize(completing, id, to, context.endpoints);
	if (!resized.ok) return resized;
	return success(resized.value === null ? now : settingsOfAssignment(resized.value));
}
