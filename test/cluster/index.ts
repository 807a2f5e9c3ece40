/** An Elasticsearch that lives in the test's own process: the deployment APIs of a real cluster over HTTP. */
export { startCluster } from './rest/server';
export { addSampleDeployments } from './sample';
export { VERSIONS } from './settings/versions';
export type * from './types';
