import type { Route } from '../../cluster/rest/route';

/**
 * `POST /index/_update/id` as Elasticsearch answers it. n8n's Elasticsearch node has no requests for
 * machine learning, so it updates as many documents in their place: one request an item, too.
 */
export const documentRoute: Route = {
	method: 'POST',
	path: '/:index/_update/:document',
	prepare: ({ call }) => {
		const _index = call.pathParam('index');
		const _id = call.pathParam('document');
		call.json();
		return () => ({
			_index,
			_id,
			_version: 2,
			result: 'updated',
			_shards: { total: 2, successful: 1, failed: 0 },
			_seq_no: 1,
			_primary_term: 1,
		});
	},
};
