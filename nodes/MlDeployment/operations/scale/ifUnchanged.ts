import { lookUp } from '../../../elasticsearch/api/deployments';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { Connection } from '../../../elasticsearch/transport/connection';

/**
 * The connection for a change that was decided by how a deployment was, as At Least and At Most are.
 * Where the answer is lost, it sends the change again only if a look shows the deployment as it was,
 * or as the change makes it: else the change would undo what somebody else did meanwhile.
 * @param isAsAsked whether a deployment is as the change makes it
 * @param other takes the deployment that somebody else changed; then the failure is returned
 */
export function ifUnchanged(
	connection: Connection,
	seen: Deployment,
	isAsAsked: (now: Deployment) => boolean,
	other: (now: Deployment) => void,
): Connection {
	const isStillRight = async (): Promise<boolean> => {
		const look = await lookUp(connection, seen.id);
		if (!look.ok || look.value.found !== 'deployment') return false;
		const now = look.value.deployment;
		if (sizeOf(now) === sizeOf(seen) || isAsAsked(now)) return true;
		other(now);
		return false;
	};
	return {
		...connection,
		send: async (request, settings) =>
			await connection.send(request.changes ? { ...request, isStillRight } : request, settings),
	};
}

/** What a size is decided by. The number within the bounds is the scaler's. */
function sizeOf({ startTime, adaptive, numberOfAllocations }: Deployment): string {
	const number = adaptive?.enabled === true ? null : numberOfAllocations;
	return JSON.stringify([startTime, adaptive, number]);
}
