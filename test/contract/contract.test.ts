import type { ClusterVersion as Profile } from '../cluster';
import { featuresOf, VERSIONS } from '../cluster/settings/versions';
import { needsEmbedded, type Case } from './case';
import { cases } from './cases';
import { embeddedWorld } from './embedded';
import { Runner } from './run';
import { holdsOn } from './versions';
import type { World } from './world';

describe.each(VERSIONS)('Elasticsearch %s, as the embedded cluster plays it', (profile) => {
	let shared: { world: World; close: () => Promise<void> };
	let runner: Runner;

	beforeAll(async () => {
		shared = await embeddedWorld(profile);
		runner = new Runner(shared.world);
	});
	afterAll(async () => await shared.close());

	const held = cases.filter(({ versions }) => holdsOn(versions, featuresOf(profile)));
	it.each(held.map((one) => [one.id, one.says, one] as const))('%s: %s', async (_, __, one) => {
		const outcome = needsEmbedded(one) ? await alone(profile, one) : await runner.run(one);
		expect(outcome).toMatchObject({ verdict: 'same', notes: [] });
	});
});

/** A case with seeds and knobs gets a cluster of its own. */
async function alone(profile: Profile, one: Case) {
	const { world, close } = await embeddedWorld(profile);
	const outcome = await new Runner(world).run(one);
	await close();
	return outcome;
}
