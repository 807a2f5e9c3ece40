/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import type { EmbeddedCluster, NlpTask } from '../../cluster';
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

/** One text for each task, and what the task needs besides. */
const TEXTS: Readonly<Partial<Record<NlpTask, [text: string, settings?: IDataObject]>>> = {
	text_classification: ['My parcel never came', { num_top_classes: 2 }],
	zero_shot_classification: ['My parcel never came', { labels: ['delivery', 'payment'] }],
	ner: ['Ada lives in Berlin'],
	fill_mask: ['My [MASK] never came'],
	text_embedding: ['My parcel never came'],
	text_expansion: ['My parcel never came'],
	text_similarity: ['a parcel that never came', { text: 'a parcel that came' }],
	question_answering: ['Ada lives in Berlin', { question: 'Where does Ada live?' }],
};

async function infer(task: NlpTask, given: string, options: IDataObject, model: object = {}) {
	const asked = await givenCluster();
	asked.addModel({ model_id: 'my_model', task, embedding_size: 4, ...model });
	asked.addDeployment({ deployment_id: 'search', model_id: 'my_model' });
	const fields = { deploymentId: byId('search'), text: given, options };
	return first(await run(asked, parameters('infer', fields)));
}

const INFERENCES = Object.fromEntries(
	(Object.keys(TEXTS) as NlpTask[]).map((task) => [
		`infer ${task}`,
		async () => {
			const [text, settings] = TEXTS[task] ?? [''];
			return await infer(task, text, settings ? { inferenceConfig: { [task]: settings } } : {});
		},
	]),
);

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
	'get many missing': async () => {
		const given = await cluster();
		given.addInferenceEndpoint({
			inference_id: 'shop-search',
			model_id: 'my_model',
			deployed: false,
		});
		return first(await run(given, parameters('getMany', { filters: { state: 'missing' } })));
	},
	'wait until ready with a probe': async () => {
		const fields = { deploymentId: byId('search'), options: { probe: 'Is anybody there?' } };
		return first(await run(await adaptive(), parameters('waitUntilReady', fields)));
	},
	...INFERENCES,
	'infer a long text': async () =>
		await infer('text_classification', 'My parcel never came', {}, { max_words: 2 }),
	'clear cache': async () =>
		first(await run(await cluster(), parameters('clearCache', { deploymentId: byId('batch') }))),
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
		.replace(/"took_ms": \d+/g, '"took_ms": 14')
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
