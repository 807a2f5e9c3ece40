import type { IExecuteFunctions } from 'n8n-workflow';

import { connect, readRequest } from '../../nodes/elasticsearch/transport/connection';
import type { Result } from '../../nodes/elasticsearch/transport/failure';
import { theEngine } from '../engine/given';
import { TYPE, workflowOf } from './oneNode';

/** What n8n's helper gave for one request, and what the connection read it as. */
export interface Recorded {
	given: { answer: unknown } | { thrown: unknown } | undefined;
	result: Result<unknown>;
}

/** Sends one request through n8n-core's own helper, exactly as the connection sends it. */
export async function record(
	credential: Record<string, string | boolean>,
	timeoutMs: number,
	path = '/_ml/trained_models/_stats',
): Promise<Recorded> {
	let recorded: Recorded | undefined;
	const stub = async (_items: unknown, context: IExecuteFunctions): Promise<[]> => {
		let given: Recorded['given'];
		const helper: IExecuteFunctions['helpers']['httpRequestWithAuthentication'] = async function (
			this: IExecuteFunctions,
			...request
		) {
			const sent = context.helpers.httpRequestWithAuthentication.call(this, ...request);
			sent.then(
				(answer: unknown) => (given = { answer }),
				(thrown: unknown) => (given = { thrown }),
			);
			return (await sent) as unknown;
		};
		const helpers = { ...context.helpers, httpRequestWithAuthentication: helper };
		const host = Object.create(context, { helpers: { value: helpers } }) as IExecuteFunctions;
		const connection = await connect(host, { timeoutMs, retries: 0 });
		if (!connection.ok) throw new Error(connection.failure.kind);
		const result = await connection.value.send(readRequest(path));
		recorded = { given, result };
		return [];
	};
	const run = await theEngine().runWorkflow({
		workflow: workflowOf({}),
		credentials: { elasticsearchMlApi: credential },
		stubs: { [TYPE.name]: stub },
	});
	if (recorded === undefined) throw new Error(run.error?.message ?? 'nothing was sent');
	return recorded;
}
