import type { Route, RunContext } from '../rest/route';
import { Reply } from '../rest/route';

/** Missing pipelines are an empty object with 404, not an error. */
function pipelines({ state, call }: RunContext) {
	const summary = call.flag('summary', false);
	call.duration('master_timeout');
	return () => {
		const wanted = (call.pathParam('id') || '*').split(',');
		const found = [...state.pipelines].filter(([id]) =>
			wanted.some((token) =>
				token.endsWith('*') ? id.startsWith(token.slice(0, -1)) : token === id,
			),
		);
		const missing = wanted.some(
			(token) => !token.includes('*') && !found.some(([id]) => id === token),
		);
		const body = Object.fromEntries(
			found.map(([id, modelId]) => [
				id,
				summary ? {} : { processors: [{ inference: { model_id: modelId } }] },
			]),
		);
		return missing ? new Reply({ status: 404, body }) : body;
	};
}

export const ingestRoutes: Route[] = ['/_ingest/pipeline', '/_ingest/pipeline/:id'].map((path) => ({
	method: 'GET',
	path,
	action: 'cluster:admin/ingest/pipeline/get',
	prepare: pipelines,
}));
