import type { IDataObject } from 'n8n-workflow';

import { restoreOf, restoreWarnings } from '../../elasticsearch/restore';
import { leftAlone } from '../../elasticsearch/selection';
import { stopAndConfirm, type Snapshot } from '../../elasticsearch/stop';
import type { Deployment } from '../../elasticsearch/types';
import type { Done, Outcome, Session } from '../operation';
import type { Stop } from './stopFields';
import { endpointWarnings, left, show } from './stopOutcomes';

/**
 * Stops one deployment that was looked at just now. The restore object is made from the last look
 * before the `_stop` that counts, so it is never stale; nothing is read in between (the session's
 * endpoints have been looked up before).
 */
export async function stopSeen(
	session: Session,
	deployment: Deployment,
	wanted: Stop,
): Promise<Outcome> {
	const { id, modelId } = deployment;
	const first: Snapshot = { deployment, takenAt: Date.now() };
	const reason = leftAlone(deployment, wanted.guards, first.takenAt);
	if (reason !== undefined) return left(id, modelId, reason, wanted, deployment);
	const warnings = await endpointWarnings(session, id);
	if (wanted.dryRun)
		return await show(session, deployment, recorded(session, first, warnings), wanted);
	const outcome = await stopAndConfirm(session.connection, first, wanted.run);
	const json = recorded(session, outcome.snapshot, warnings);
	const subject = { doing: 'stop', deploymentId: id, modelId } as const;
	switch (outcome.is) {
		case 'stopped': {
			const confirmed = outcome.confirmedBy && { confirmed_by: outcome.confirmedBy };
			return { json: { ...json, stopped: true, ...confirmed }, did: `stopped '${id}'` };
		}
		case 'already':
			return { json: { ...json, reason: 'not_deployed' } };
		case 'refused':
			return { failure: outcome.failure, subject };
		case 'unknown': {
			// It may be gone: what it takes to bring it back goes with the failure.
			const done: Done = { json: { ...json, reason: 'unknown_outcome' }, unsettled: true };
			return { failure: outcome.failure, subject, done };
		}
	}
}

function recorded(session: Session, snapshot: Snapshot, warnings: string[]): IDataObject {
	const { deployment, takenAt } = snapshot;
	const restore = { ...restoreOf(deployment, session.connection.cluster, takenAt) };
	const all = [...restoreWarnings(deployment), ...warnings];
	const json: IDataObject = {
		deployment_id: deployment.id,
		model_id: deployment.modelId,
		stopped: false,
		restore,
	};
	return all.length === 0 ? json : { ...json, warnings: all };
}

/** What an earlier try stopped without knowing it: by now it is gone. */
export function settled(session: Session, id: string): Done | undefined {
	const stored = session.unsettled.get(id);
	if (stored === undefined) return undefined;
	const json: IDataObject = { ...stored.json };
	delete json.reason;
	return { json: { ...json, stopped: true, confirmed_by: 'stats' }, did: `stopped '${id}'` };
}
