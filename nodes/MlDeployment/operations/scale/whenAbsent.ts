import type { IDataObject } from 'n8n-workflow';

import { ABSENT, type Settings } from '../../../elasticsearch/deployment/deployment';
import { type Lookup, settingsOfAssignment } from '../../../elasticsearch/api/deployments';
import { isAsDesired, readAdaptive } from '../../../elasticsearch/deployment/allocations';
import { resize, type ResizeGoal } from '../../../elasticsearch/flows/resize';
import type { Connection } from '../../../elasticsearch/transport/connection';
import { success, type Failure, type Result } from '../../../elasticsearch/transport/failure';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Success, Outcome, RunContext } from '../../execution/operation';
import { ensureStarted, started } from '../start/ensureStarted';
import { explainNotFound } from '../shared/notFound';
import type { ScaleGoal, SizedGoal } from './parameters';
import { absentAlready, waitIfAsked } from './output';
import { showStart } from '../start/dryRun';
import { missing } from '../stop/output';

type Absent = Exclude<Lookup, { found: 'deployment' }>;

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
			failure: notStarted(id, look, wanted.byPattern),
			subject: { doing: 'start', deploymentId: id },
		};
	}
	const { spec } = from;
	const subject = { doing: 'start', deploymentId: id, modelId: spec.modelId } as const;
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
	const done: Success = {
		json: { ...json, before: ABSENT, after, ...warning(session, from) },
		...did,
	};
	const held = await pinToNumber(session, id, wanted.resize, after);
	if (!held.ok) return { failure: held.failure, subject: { ...subject, doing: 'update' }, done };
	done.json.after = held.value;
	const isAdaptive = readAdaptive(held.value.adaptive_allocations)?.enabled === true;
	const numberOfAllocations = isAdaptive ? undefined : held.value.number_of_allocations;
	return waitIfAsked(session, done, id, wanted, { ...up.value.expected, numberOfAllocations });
}

/** Zero of what is not there: fine where its model is known. */
export function absentForZero(id: string, look: Absent, wanted: ScaleGoal): Outcome {
	if (look.found === 'not_deployed') return absentAlready(id, 'not_deployed', wanted);
	if (wanted.stop.ignoreMissing) return absentAlready(id, 'unknown_id', wanted);
	return missing(id, explainNotFound(id, look));
}

/** Serverless starts every deployment adaptive: a fixed number has to be held by its bounds. */
async function pinToNumber(
	session: RunContext,
	id: string,
	wanted: ResizeGoal,
	now: Settings,
): Promise<Result<Settings>> {
	const adaptive = readAdaptive(now.adaptive_allocations);
	const current = { adaptive, numberOfAllocations: now.number_of_allocations };
	if (isAsDesired(current, wanted.allocations, wanted.whenAdaptive)) return success(now);
	// It ends what the start began, so it is sent even where another item has ended the run.
	const { connection } = session;
	const completing: Connection = {
		...connection,
		send: async (request, own) => await connection.send({ ...request, begun: true }, own),
	};
	const resized = await resize(completing, id, wanted, session.endpoints);
	if (!resized.ok) return resized;
	return success(resized.value === null ? now : settingsOfAssignment(resized.value));
}

function warning(session: RunContext, from: NonNullable<ScaleGoal['startFrom']>): IDataObject {
	if (from.cluster === null || from.cluster === session.connection.cluster) return {};
	return {
		warnings: [
			'The restore object was taken from another cluster, or from another address of this one',
		],
	};
}

function notStarted(id: string, look: Absent, byPattern: boolean): Failure {
	const failure = explainNotFound(id, look);
	if (look.found === 'other_ids') return failure;
	return {
		...failure,
		message:
			look.found === 'not_deployed'
				? `The deployment '${id}' is not there: its model is not deployed`
				: failure.message,
		next: byPattern
			? 'Somebody stopped it just now; run this again'
			: "Hand on the restore object of its stop in 'Restore From', or turn on 'Start If Absent' and choose its model. If the ID is wrong, pick it from the list",
	};
}
