import { startHost } from '../host';
import { shareHost } from './hosts';

/** One server for all test files. */
export default async function setup(): Promise<void> {
	shareHost(await startHost({ env: { N8N_LOG_LEVEL: 'debug' } }));
}
