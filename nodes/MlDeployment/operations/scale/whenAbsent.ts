import type { IDataObject } from 'n8n-workflow';

import { ABSENT, type Settings } from '../../../elasticsearch/deployment/deployment';
import { settingsOfAssignment } from '../../../elasticsearch/api/deployments';
import { isAsDesired, readAdaptive } from '../../../elasticsearch/deployment/allocations';
import { resize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { Connection } from '../../../elasticsearch/transport/connection';
import { problem, type FlowResult } from '../../../elasticsearch/flows/failure';
import { success } from '../../../elasticsearch/transport/failure';
import type { Absent, Deployment } from '../../../elasticsearch/deployment/state';
import type { Success, Outcome, RunContext } from '../../execution/operation';
import { clusterWarnings, ensureStarted, started } from '../start/ensureStarted';
import type { SizedGoal } from './parameters';
import { waitIfAsked } from './output';
import { showStart } from '../start/dryRun';

/**
 * Scale of an id that is no running deployment: a start where that is wanted.
 * @param stopping for a dry run, which does not wait until it is gone
 * @returns the deployment where somebody else started one meanwhile, to be decided on anew
 */
export async function scaleAbsent(
	session: RunContext,
	id: string,
	look: Absent,
	wanted: SizedGoal,
	stopping?: Deployment,
): Promise<Outcome | { taken: Deployment }> {
	const from = wanted.startFrom;
	// The model's own id where its deployments have others: a second deployment is hardly meant.
	if (from === undefined || (from.modelGuessed && look.found === 'other_ids')) {
		return {
			failure: problem({ code: 'nothing_to_scale', id, look, byPattern: wanted.byPattern }),
			subject: { deploymentId: id },
		};
	}
	const { spec } = from;
	const subject = { deploymentId: id, modelId: spec.modelId };
	if (wanted.dryRun) {
		const shown = await showStart(session, spec, stopping);
		if (!shown.ok) return { failure: shown.failure, subject };
		return { json: { deployment_id: id, changed: false, ...shown.value } };
	}
	const { deadline } = wanted.waiting;
	const up = await ensureStarted(session, {
		spec,
		whenExists: 'tell',
		deadline,
		retries: wanted.retries,
	});
	if (!up.ok) return { failure: up.failure, subject };
	const { changed, assignment, taken } = up.value;
	if (taken !== undefined) return { taken };
	if (changed) session.journal.started(id);
	const after = assignment === null ? started(spec) : settingsOfAssignment(assignment);
	const json: IDataObject = { deployment_id: id, action: changed ? 'start' : 'none', changed };
	const did = changed ? { did: `started '${id}'` } : {};
	const warnings = clusterWarnings(session, from.cluster);
	const more = warnings.length > 0 && { warnings };
	const done: Success = { json: { ...json, before: ABSENT, after, ...more }, ...did };
	const held = await pinToNumber(session, id, wanted.resize, after);
	if (!held.ok) return { failure: held.failure, subject, done };
	done.json.after = held.value;
	const isAdaptive = readAdaptive(held.value.adaptive_allocations)?.enabled === true;
	const numberOfAllocations = isAdaptive ? undefined : held.value.number_of_allocations;
	return waitIfAsked(session, done, id, wanted, { ...up.value.expected, numberOfAllocations });
}

/** Serverless starts every deployment adaptive: a fixed number has to be held by its bounds. */
async function pinToNumber(
	session: RunContext,
	id: string,
	wanted: ResizeGoal,
	now: Settings,
): Promise<FlowResult<Settings>> {
	const adaptive = readAdaptive(now.adaptive_allocations);
	const current = { adaptive, numberOfAllocations: now.number_of_allocations };
	if (isAsDesired(current, wanted.allocations, wanted.whenAdaptive)) return success(now);
	// It ends what the start began, so it is sent even where another item has ended the run.
	const { connection } = session;
	const completing: Connection = {
		...connection,
		send: async (request, own) => await connection.send({ ...request, completes: true }, own),
	};
	const resized = await resize(completing, id, wanted, session.endpoints);
	if (!resized.ok) return resized;
	return success(resized.value === null ? now : settingsOfAssignment(resized.value));
}
