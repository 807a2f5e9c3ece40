import { ask, at, endClusters, failureOf, given, type Reply } from '../ask';
import type { ModelSeed, NlpTask } from '../../types';

afterEach(endClusters);

const TEXT = 'Elastic opened an office in Berlin for the search team';

async function answer(
	model: Partial<ModelSeed> & { task: NlpTask },
	text = TEXT,
	options?: Record<string, unknown>,
): Promise<Reply> {
	const cluster = await given();
	cluster.addModel({ model_id: 'm', ...model });
	cluster.addDeployment({ deployment_id: 'd', model_id: 'm' });
	return await ask(cluster, 'POST', '/_ml/trained_models/d/_infer', {
		docs: [{ text_field: text }],
		...(options && { inference_config: { [model.task]: options } }),
	});
}

async function result(...given: Parameters<typeof answer>): Promise<Record<string, unknown>> {
	return at(await answer(...given), 'inference_results', 0) as Record<string, unknown>;
}

describe('an inference', () => {
	it('answers the same text with the same result', async () => {
		const tasks: NlpTask[] = ['text_classification', 'ner', 'text_embedding', 'text_expansion'];
		for (const task of tasks) {
			const first = await result({ task });
			expect(await result({ task })).toEqual(first);
			expect(await result({ task }, 'Something else')).not.toEqual(first);
		}
	});

	it('of text classification tells a label and its probability, more on demand', async () => {
		const labels = ['angry', 'calm', 'glad'];
		const plain = await result({ task: 'text_classification', labels });
		expect(labels).toContain(plain.predicted_value);
		expect(Object.keys(plain)).toEqual(['predicted_value', 'prediction_probability']);
		const more = await result({ task: 'text_classification', labels }, TEXT, {
			num_top_classes: 2,
			results_field: 'mood',
		});
		expect(more).toMatchObject({
			mood: plain.predicted_value,
			top_classes: [
				{ class_name: plain.predicted_value, class_probability: plain.prediction_probability },
				{ class_name: expect.any(String), class_score: expect.any(Number) },
			],
		});
	});

	it('of zero-shot classification ranks the labels of the request', async () => {
		const labels = ['sport', 'technology', 'politics'];
		const { predicted_value: value, top_classes: top } = await result(
			{ task: 'zero_shot_classification' },
			TEXT,
			{ labels, multi_label: false },
		);
		expect(labels).toContain(value);
		expect(top).toHaveLength(3);
		const none = await answer({ task: 'zero_shot_classification' });
		expect(failureOf(none)[0]).toBe(400);
	});

	it('of named entities annotates the text and lists them by position', async () => {
		const { predicted_value: text, entities } = await result({ task: 'ner' });
		expect(text).toMatch(
			/^\[Elastic\]\(\w+&Elastic\) opened an office in \[Berlin\]\(\w+&Berlin\)/,
		);
		expect(entities).toMatchObject([
			{ entity: 'elastic', start_pos: 0, end_pos: 7 },
			{ entity: 'berlin', start_pos: 28, end_pos: 34 },
		]);
	});

	it('of a masked text fills the one mask', async () => {
		const filled = await result({ task: 'fill_mask' }, 'Elastic helps with [MASK].', {
			num_top_classes: 1,
		});
		expect(filled.predicted_value_sequence).toBe(
			`Elastic helps with ${String(filled.predicted_value)}.`,
		);
		expect(filled.top_classes).toHaveLength(1);
		for (const text of ['no mask', '[MASK] and [MASK]']) {
			expect(failureOf(await answer({ task: 'fill_mask' }, text))[0]).toBe(400);
		}
	});

	it('of embeddings is a vector of length 1, or tokens with their weights', async () => {
		const dense = await result({ task: 'text_embedding', embedding_size: 16 });
		const vector = dense.predicted_value as number[];
		expect(vector).toHaveLength(16);
		expect(Math.hypot(...vector)).toBeCloseTo(1);
		const sparse = await result({ task: 'text_expansion' }, 'search search engine');
		expect(sparse.predicted_value).toEqual({
			search: expect.any(Number),
			engine: expect.any(Number),
		});
	});

	it('of similarity grows with the words in common', async () => {
		const similarity = async (text: string) =>
			(await result({ task: 'text_similarity' }, TEXT, { text })).predicted_value as number;
		expect(await similarity(TEXT)).toBeGreaterThan(await similarity('an office in Paris'));
		expect(await similarity('an office in Paris')).toBeGreaterThan(await similarity('nothing'));
		expect(failureOf(await answer({ task: 'text_similarity' }))[0]).toBe(400);
	});

	it('of a question points into the text', async () => {
		const found = await result({ task: 'question_answering' }, TEXT, {
			question: 'Where is the office of Elastic?',
		});
		const { predicted_value: value, start_offset: start, end_offset: end } = found;
		expect(TEXT.slice(start as number, end as number)).toBe(value);
		expect(found.prediction_probability).toBeGreaterThan(0);
		expect(failureOf(await answer({ task: 'question_answering' }))[0]).toBe(400);
	});

	it('that is passed through is a matrix', async () => {
		expect((await result({ task: 'pass_through' })).predicted_value).toEqual([
			[expect.any(Number), expect.any(Number)],
		]);
	});

	it('says where the text was cut, or refuses it', async () => {
		const long = { task: 'text_embedding' as const, max_words: 5 };
		expect(await result(long)).toMatchObject({ is_truncated: true });
		expect(await result(long, 'four words are few')).not.toHaveProperty('is_truncated');
		const refused = await answer(long, TEXT, { tokenization: { bert: { truncate: 'none' } } });
		expect(failureOf(refused)).toEqual([
			400,
			'status_exception',
			'Input too large. The tokenized input length [12] exceeds the maximum sequence length [7]',
		]);
	});

	it('may answer with a warning in place of a value, or fail in the process', async () => {
		const odd = await result({ task: 'ner', infer_warning: 'something is odd' });
		expect(odd).toEqual({ warning: 'something is odd' });
		const broken = await answer({ task: 'ner', infer_failure: 'index out of range' });
		expect(failureOf(broken)).toEqual([
			500,
			'status_exception',
			'Error in inference process: [index out of range]',
		]);
	});
});

describe('a model', () => {
	it.each<NlpTask>(['ner', 'text_embedding', 'zero_shot_classification', 'text_similarity'])(
		'of %s shows the settings of its task and its input field',
		async (task) => {
			const cluster = await given();
			cluster.addModel({ model_id: 'm', task, input_field: 'body' });
			const reply = await ask(cluster, 'GET', '/_ml/trained_models/m');
			const config = at(reply, 'trained_model_configs', 0) as Record<string, object>;
			expect(Object.keys(config.inference_config)).toEqual([task]);
			expect(config.input).toEqual({ field_names: ['body'] });
		},
	);
});
