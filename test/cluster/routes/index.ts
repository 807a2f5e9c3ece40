import type { Route } from '../rest/route';
import { deploymentRoutes } from './deployments';
import { inferenceRoutes } from './inference';
import { ingestRoutes } from './ingest';
import { modelRoutes } from './models';
import { rootRoutes } from './root';
import { securityRoutes } from './security';

export const routes: Route[] = [
	...rootRoutes,
	...securityRoutes,
	...deploymentRoutes,
	...modelRoutes,
	...ingestRoutes,
	...inferenceRoutes,
];
