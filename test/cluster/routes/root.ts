import type { Features } from '../settings/versions';
import type { Route } from '../rest/route';

function banner(features: Features): object {
	return {
		name: features.serverless ? 'serverless' : 'instance-0000000000',
		cluster_name: 'embedded',
		cluster_uuid: 'hHEZGjr0QfGUzqRnHEP7Sg',
		version: {
			number: features.number,
			build_flavor: features.serverless ? 'serverless' : 'default',
			build_type: 'docker',
			build_hash: '00000000',
			build_date: '2023-10-31',
			build_snapshot: false,
			lucene_version: features.major === 9 ? '10.3.1' : '9.12.0',
			minimum_wire_compatibility_version: features.major === 9 ? '8.19.0' : '7.17.0',
			minimum_index_compatibility_version: features.major === 9 ? '8.0.0' : '7.0.0',
		},
		tagline: 'You Know, for Search',
	};
}

export const rootRoutes: Route[] = (['GET', 'HEAD'] as const).map((method) => ({
	method,
	path: '/',
	action: 'cluster:monitor/main',
	prepare:
		({ state }) =>
		() =>
			banner(state.features),
}));
