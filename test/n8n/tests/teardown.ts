import { endHost } from './hosts';

export default async function teardown(): Promise<void> {
	await endHost();
}
