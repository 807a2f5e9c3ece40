import type { IDataObject } from 'n8n-workflow';

import { restoreOf, restoreWarnings } from '../../elasticsearch/restore';
import { leftAlone } from '../../elasticsearch/selection';
import { stopAndConfirm } from '../../elasticsearch/stop';
import type { Deployment } from '../../elasticsearch/types';
import type { Outcome, Session } from '../operation';
import type { Stop } from './stopFields';
import { endpointWarnings, left, show } from './stopOutcomes';

/**
 * Stops one deployment that was just looked at: the restore object is made from that very look, so
 * it is never stale.
 */
export async function stopSeen(
	session: Session,
	deployment: Deployment,
	wanted: Stop,
): Promise<Outcome> {
	const { id, modelId } = deployment;
	const takenAt = Date.now();
	const reason = leftAlone(deployment, wanted.guards, takenAt);
	if (reason !== undefined) return left(id, modelId, reason, wanted);
	const restore = { ...restoreOf(deployment, session.connection.cluster, takenAt) };
	const json: IDataObject = { deployment_id: id, model_id: modelId, stopped: false, restore };
	const warnings = [...restoreWarnings(deployment), ...(await endpointWarnings(session, id))];
	if (warnings.length > 0) json.warnings = warnings;
	if (wanted.dryRun) return await show(session, deployment, json, wanted);
	const { connection } = session;
	const stopped = await stopAndConfirm(connection, deployment, wanted.settings);
	if (!stopped.ok) {
		return { failure: stopped.failure, subject: { doing: 'stop', deploymentId: id, modelId } };
	}
	const { confirmedBy, already } = stopped.value;
	if (already === true) return { json: { ...json, reason: 'not_deployed' } };
	json.stopped = true;
	if (confirmedBy !== undefined) json.confirmed_by = confirmedBy;
	return { json, did: `stopped '${id}'` };
}
