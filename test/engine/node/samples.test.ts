/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster } from '../../cluster';
import { byId, givenCluster, parameters, run, stop, stopPattern, update } from '../given';
import type { RunResult } from '../harness';

/** Every sample of this page is the output of a run; UPDATE_SAMPLES=1 writes them anew. */
const PAGE = path.join(__dirname, '../../../docs/outputs.md');

async function cluster(): Promise<EmbeddedCluster> {
	const given = await givenCluster();
	given.addDeployment({
		deployment_id: 'batch',
		model_id: 'my_model',
		number_of_allocations: 2,
		threads_per_allocation: 2,
	});
	return given;
}

async function adaptive(): Promise<EmbeddedCluster> {
	const given = await givenCluster();
	given.addDeployment({
		deployment_id: 'search',
		model_id: 'my_model',
		number_of_allocations: 2,
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 4,
		},
	});
	return given;
}

function first({ items }: RunResult): unknown {
	expect(items).toHaveLength(1);
	return items[0];
}

const scale = (id: string, fields: IDataObject) =>
	parameters('scale', { deploymentId: byId(id), ...fields });

const SAMPLES: Readonly<Record<string, () => Promise<unknown>>> = {
	stop: async () => first(await run(await cluster(), stop('batch'))),
	'stop again': async () => {
		const given = await cluster();
		const staticData = {};
		await run(given, stop('batch'), { staticData });
		return first(await run(given, stop('batch'), { staticData }));
	},
	'stop with details': async () =>
		first(await run(await cluster(), stop('batch', { details: true }))),
	start: async () => {
		const given = await cluster();
		const staticData = {};
		await run(given, stop('batch'), { staticData });
		return first(
			await run(given, parameters('start', { startFrom: 'remembered', pattern: '*' }), {
				staticData,
			}),
		);
	},
	scale: async () => first(await run(await cluster(), scale('batch', { numberOfAllocations: 3 }))),
	update: async () =>
		first(await run(await cluster(), update('batch', { numberOfAllocations: 1 }))),
	get: async () =>
		first(await run(await adaptive(), parameters('get', { deploymentId: byId('search') }))),
	'get in full': async () =>
		first(
			await run(
				await adaptive(),
				parameters('get', { deploymentId: byId('search'), output: 'full' }),
			),
		),
	'dry run of a stop': async () => {
		const given = await cluster();
		given.addPipeline({ id: 'enrich-articles', model_id: 'batch' });
		return first(await run(given, stop('batch', {}, { dryRun: true })));
	},
	'dry run of a scale': async () =>
		first(
			await run(
				await adaptive(),
				scale('search', {
					numberOfAllocations: 3,
					dryRun: true,
					options: { whenAdaptive: 'setBounds' },
				}),
			),
		),
	'failed item': async () =>
		first(await run(await adaptive(), stop('serach'), { onError: 'continueRegularOutput' })),
	'error data': async () => {
		const given = await cluster();
		given.addDeployment({ deployment_id: 'batch-nightly', model_id: 'my_model' });
		given.addPipeline({ id: 'enrich-articles', model_id: 'batch-nightly' });
		const { error } = await run(given, stopPattern('batch*'));
		const { message, description, context } = error as unknown as {
			message: string;
			description: string;
			context: { data: unknown };
		};
		return { message, description, context: { data: context.data } };
	},
};

/** What differs from run to run becomes one and the same. */
function steady(sample: unknown): string {
	return JSON.stringify(sample, null, 2)
		.replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, '2026-11-24T20:00:00.000Z')
		.replace(/(\\"cluster\\":\\")[0-9a-f]{12}/g, '$171f37f329a00');
}

const block = (name: string): RegExp =>
	new RegExp(`(<!-- run: ${name} -->\n\`\`\`json\n)([\\s\\S]*?)(\n\`\`\`\n)`);

it.each(Object.keys(SAMPLES))('docs/outputs.md shows what comes out of: %s', async (name) => {
	const sample = steady(await SAMPLES[name]());
	const page = readFileSync(PAGE, 'utf8');
	expect(page).toMatch(block(name));
	if (process.env.UPDATE_SAMPLES === '1') {
		writeFileSync(
			PAGE,
			page.replace(block(name), (_all, open: string, _old, end: string) => open + sample + end),
		);
	}
	expect(block(name).exec(readFileSync(PAGE, 'utf8'))?.[2]).toBe(sample);
});

it('each block of JSON in docs/outputs.md is such a sample', () => {
	const page = readFileSync(PAGE, 'utf8');
	const blocks = page.match(/^```js(on)?$/gm) ?? [];
	expect(blocks).toHaveLength(Object.keys(SAMPLES).length);
});
