import { listStats } from '../../../nodes/elasticsearch/api/deployments';
import { listModels } from '../../../nodes/elasticsearch/api/models';
import type { ApiRequest, Connection } from '../../../nodes/elasticsearch/transport/connection';
import { notElasticsearch, success } from '../../../nodes/elasticsearch/transport/failure';
import { DrivenClock } from '../drivenClock';

/** A proxy that drops the query: each page is the first one. */
function alwaysAnswering(body: unknown): { connection: Connection; sent: ApiRequest[] } {
	const sent: ApiRequest[] = [];
	const send: Connection['send'] = async (request) => {
		sent.push(request);
		if (sent.length > 5) throw new Error('it asks for ever');
		return await Promise.resolve(success(body));
	};
	return { connection: { send, clock: new DrivenClock(), cluster: 'x', log: () => {} }, sent };
}

describe('a list whose pages never bring anything new', () => {
	it.each([
		['deployments', listStats, { count: 1e12, trained_model_stats: [{ model_id: 'a' }] }],
		['models', listModels, { count: 1e12, trained_model_configs: [{ model_id: 'a' }] }],
	])('ends after the second page: %s', async (_name, list, body) => {
		const { connection, sent } = alwaysAnswering(body);
		expect(await list(connection)).toEqual(notElasticsearch('read'));
		expect(sent).toHaveLength(2);
	});
});
