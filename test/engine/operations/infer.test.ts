import type { IDataObject } from 'n8n-workflow';

import type { ClusterOptions, EmbeddedCluster, NlpTask } from '../../cluster';
import {
	beforeLook,
	byId,
	credentialFor,
	givenCluster,
	keyWith,
	lines,
	parameters,
	run,
	seen,
	writes,
} from '../given';

const infer = (id: unknown, text: unknown, options: IDataObject = {}) =>
	parameters('infer', { deploymentId: byId(id), text: text as string, options });

async function givenTopics(task: NlpTask = 'text_classification', options: ClusterOptions = {}) {
	const cluster = await givenCluster(options);
	cluster.addModel({ model_id: 'topics', task });
	cluster.addDeployment({ deployment_id: 'search', model_id: 'topics' });
	return cluster;
}

/** The deployment `search` of the model `topics`, at zero. */
async function givenAsleep(options: ClusterOptions = {}) {
	const cluster = await givenTopics('text_classification', options);
	fallAsleep(cluster);
	return cluster;
}

function fallAsleep(cluster: EmbeddedCluster): void {
	cluster.addDeployment({
		deployment_id: 'search',
		model_id: 'topics',
		number_of_allocations: 0,
		adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
	});
}

const asked = ({ requests }: EmbeddedCluster) =>
	requests.filter(({ path }) => path.endsWith('/_infer'));

const noHandler = {
	kind: 'status' as const,
	status: 400,
	body: { error: 'no handler found for uri [/_ml/trained_models/search/_infer] and method [POST]' },
};

describe('infer', () => {
	it("gives the cluster's result as it came", async () => {
		const cluster = await givenTopics();
		const { items } = await run(cluster, infer('search', 'My parcel never came'));
		expect(items).toEqual([
			{
				deployment_id: 'search',
				model_id: 'topics',
				took_ms: expect.any(Number),
				result: {
					predicted_value: expect.stringMatching(/^(NEGATIVE|POSITIVE)$/),
					prediction_probability: expect.any(Number),
				},
			},
		]);
		expect(Object.keys(items[0])).toEqual(['deployment_id', 'model_id', 'took_ms', 'result']);
	});

	it('looks at the deployment and its model, and sends one request', async () => {
		const cluster = await givenTopics();
		await run(cluster, infer('search', 'My parcel never came'));
		expect(lines(cluster.requests)).toEqual([
			'GET /_ml/trained_models/search/_stats',
			'GET /_ml/trained_models/topics',
			'POST /_ml/trained_models/search/_infer?timeout=10s',
		]);
		expect(asked(cluster)[0].body).toEqual({ docs: [{ text_field: 'My parcel never came' }] });
	});

	it.each<[NlpTask, string, IDataObject?]>([
		['text_classification', 'Berlin', { num_top_classes: 2 }],
		['zero_shot_classification', 'Berlin', { labels: ['place', 'person'] }],
		['ner', 'Ada lives in Berlin'],
		['fill_mask', 'Berlin is a [MASK]'],
		['text_embedding', 'Berlin'],
		['text_expansion', 'Berlin wall'],
		['text_similarity', 'Berlin', { text: 'Berlin wall' }],
		['question_answering', 'Ada lives in Berlin', { question: 'Where does Ada live?' }],
		['pass_through', 'Berlin'],
	])('works for %s', async (...row) => {
		const [task, text, settings] = row;
		const cluster = await givenTopics(task);
		const inferenceConfig = settings && { [task]: settings };
		for (const config of [inferenceConfig, inferenceConfig && JSON.stringify(inferenceConfig)]) {
			const options = config === undefined ? {} : { inferenceConfig: config };
			const { items } = await run(cluster, infer('search', text, options));
			expect(items[0].result).toHaveProperty('predicted_value');
		}
		const bodies = asked(cluster).map(({ body }) => (body as IDataObject).inference_config);
		expect(bodies).toEqual([inferenceConfig, inferenceConfig]);
	});

	it("reads the model's own field, or the one that is given", async () => {
		const cluster = await givenTopics();
		cluster.addModel({ model_id: 'topics', task: 'ner', input_field: 'body' });
		await run(cluster, infer('search', 'x'));
		await run(cluster, infer('search', 'x', { inputField: 'body' }));
		expect(asked(cluster).map(({ body }) => body)).toEqual([
			{ docs: [{ body: 'x' }] },
			{ docs: [{ body: 'x' }] },
		]);
		const wrong = await run(cluster, infer('search', 'x', { inputField: 'text' }));
		expect(seen(wrong)).toEqual({
			message: "The deployment 'search' cannot read the text: its model reads another field",
			description: expect.stringMatching(/^Remove the option 'Input Field'/),
		});
	});

	it('hands on how long the cluster may take', async () => {
		const cluster = await givenTopics();
		await run(cluster, infer('search', 'x', { inferenceTimeout: 90 }));
		expect(asked(cluster)[0].query).toEqual({ timeout: '90s' });
	});

	it.each<[string, unknown]>([
		['search', 'search'],
		['topics', 'topics'],
		['t', 't'],
	])('takes %s, which means exactly one deployment, and asks that one', async (_name, id) => {
		const cluster = await givenTopics();
		cluster.addAlias({ model_alias: 't', model_id: 'topics' });
		const { items } = await run(cluster, infer(id, 'x'));
		expect(items[0]).toMatchObject({ deployment_id: 'search', model_id: 'topics' });
		expect(asked(cluster)[0].path).toBe('/_ml/trained_models/search/_infer');
	});

	it('takes two names of one deployment for one, which is woken once', async () => {
		const cluster = await givenAsleep();
		const items = [{ id: 'search' }, { id: 'topics' }];
		const { hints } = await run(cluster, infer('={{ $json.id }}', 'x'), { items });
		expect(hints.map(({ message }) => message)).toEqual([
			"'search' slept at zero and was woken by this run.",
		]);
	});

	it('draws none of several deployments of a model', async () => {
		const cluster = await givenTopics();
		cluster.addDeployment({ deployment_id: 'ingest', model_id: 'topics' });
		expect(seen(await run(cluster, infer('topics', 'x')))).toEqual({
			message: "'topics' is a model, not a deployment",
			description: "Use the ID of its deployment instead: 'ingest', 'search'.",
		});
		expect(asked(cluster)).toEqual([]);
	});

	it('warns where the text was cut', async () => {
		const cluster = await givenTopics();
		cluster.addModel({ model_id: 'topics', task: 'ner', max_words: 2 });
		const { items } = await run(cluster, infer('search', 'one two three'));
		expect(items[0]).toMatchObject({
			result: { is_truncated: true },
			warnings: ['The model read only a part of the text, because it is longer than it takes in'],
		});
	});

	it('fails where the model gives a warning in place of a value', async () => {
		const cluster = await givenTopics();
		cluster.addModel({ model_id: 'topics', task: 'ner', infer_warning: 'no tokens in the text' });
		const { items } = await run(cluster, infer('search', 'x'), {
			onError: 'continueRegularOutput',
		});
		expect(items[0]).toMatchObject({
			error: "The deployment 'search' has no answer to this text: no tokens in the text",
			details: { deployment_id: 'search', model_id: 'topics' },
		});
	});

	it('works with a credential that only reads', async () => {
		const cluster = await givenTopics();
		const credentials = credentialFor(cluster, {
			apiKey: keyWith(cluster, 'monitor_ml'),
			readOnly: true,
		});
		const result = await run(cluster, infer('search', 'x'), { credentials });
		expect(result.status).toBe('success');
	});

	it.each<[string, (cluster: EmbeddedCluster) => void, RegExp, string?]>([
		[
			'another task',
			() => undefined,
			/^The deployment 'search' did not answer: its model has another task/,
			'{ "ner": {} }',
		],
		[
			'a setting that the task does not have',
			() => undefined,
			/^The deployment 'search' did not answer: its task has no such setting/,
			'{ "text_classification": { "nothing": 1 } }',
		],
		[
			'a basic licence',
			(cluster) => cluster.set({ licensed: false }),
			/^The deployment 'search' did not answer: the licence/,
		],
		[
			'a process that died',
			(cluster) => cluster.addModel({ model_id: 'topics', infer_failure: 'out of memory' }),
			/^Elasticsearch answered with status 500 to the request to ask the deployment 'search'/,
		],
		[
			'a text that is too long for a proxy',
			(cluster) => cluster.fault({ kind: 'html', status: 413, path: /_infer$/ }),
			/^The request is longer than the cluster or a proxy in front of it takes$/,
		],
		[
			'a cluster before 8.3',
			(cluster) => cluster.fault({ ...noHandler, path: /_infer$/ }),
			/^The deployment 'search' did not answer: this cluster has no way to ask a deployment$/,
		],
		[
			'a deployment that is gone',
			(cluster) => cluster.removeDeployment('search'),
			/^No deployment and no model is called 'search'/,
		],
	])('says what is wrong: %s', async (...row) => {
		const [, happens, message, inferenceConfig] = row;
		const cluster = await givenTopics();
		happens(cluster);
		const options = inferenceConfig === undefined ? {} : { inferenceConfig };
		expect(seen(await run(cluster, infer('search', 'x', options))).message).toMatch(message);
	});

	it.each<[string, unknown, IDataObject, RegExp]>([
		['an empty text', '=', {}, /^'Text' is empty/],
		['blanks', '={{ "  " }}', {}, /^'Text' is empty/],
		['null', '={{ null }}', {}, /^'Text' is null, but has to be a text/],
		['nothing', '={{ $json.nothing }}', {}, /^'Text' is (nothing|null)/],
		['an object', '={{ ({ a: 1 }) }}', {}, /^'Text' is \{"a":1\}, but has to be a text/],
		['broken JSON', 'x', { inferenceConfig: '{ "ner"' }, /^'Inference Config' is .*JSON object/],
		['a list', 'x', { inferenceConfig: '[]' }, /^'Inference Config' is .*JSON object/],
		['no task', 'x', { inferenceConfig: '{}' }, /^'Inference Config' has to be one task/],
		['two tasks', 'x', { inferenceConfig: { ner: {}, fill_mask: {} } }, /has to be one task/],
		['a task without an object', 'x', { inferenceConfig: '{ "ner": 1 }' }, /has to be one task/],
		['an empty field', 'x', { inputField: ' ' }, /^'Input Field' is empty/],
		['no time', 'x', { inferenceTimeout: 0 }, /^'Inference Timeout \(Seconds\)' is 0/],
	])('refuses %s before anything is sent', async (_what, text, options, message) => {
		const cluster = await givenTopics();
		expect(seen(await run(cluster, infer('search', text, options))).message).toMatch(message);
		expect(cluster.requests).toEqual([]);
	});
});

describe('a thousand items', () => {
	const COUNT = 1_000;
	const items = Array.from({ length: COUNT }, (_, index) => ({ line: `line ${index}` }));

	it('come back in order and paired, at most Max Concurrency at once, after one look', async () => {
		const cluster = await givenTopics('text_expansion');
		// Long enough for all eight to be on their way, however slow the machine is.
		cluster.fault({ kind: 'latency', ms: 500, path: /_infer$/, times: 16 });
		const given = infer('search', '={{ $json.line }}', { maxConcurrency: 8 });
		const { outputs } = await run(cluster, given, { items });
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		const tokens = outputs[0].map(({ json }) => {
			const { predicted_value } = json.result as { predicted_value: IDataObject };
			return Object.keys(predicted_value).filter((token) => token !== 'line');
		});
		expect(tokens).toEqual(items.map((_, index) => [String(index)]));
		expect(asked(cluster)).toHaveLength(COUNT);
		expect(cluster.requests).toHaveLength(COUNT + 2);
		expect(cluster.maxInFlight()).toBe(8);
	}, 180_000);

	it('keep their failures to themselves where the node goes on', async () => {
		const cluster = await givenTopics();
		const texts = items.slice(0, 20).map((item, index) => (index % 5 === 3 ? { line: '' } : item));
		const given = infer('search', '={{ $json.line }}');
		const result = await run(cluster, given, { items: texts, onError: 'continueRegularOutput' });
		expect(result.items.map((item) => 'error' in item)).toEqual(
			texts.map(({ line }) => line === ''),
		);
		expect(asked(cluster)).toHaveLength(16);
	});
});

describe('a deployment at zero', () => {
	it('is woken by the request, and the hint says so', async () => {
		const cluster = await givenAsleep();
		const { items, hints } = await run(cluster, infer('search', '={{ $json.line }}'), {
			items: [{ line: 'a' }, { line: 'b' }],
		});
		expect(items).toHaveLength(2);
		expect(hints.map(({ message }) => message)).toEqual([
			"'search' slept at zero and was woken by this run.",
		]);
		expect(writes(cluster)).toHaveLength(2);
	});

	it('is asked again where it refuses while it wakes up', async () => {
		const cluster = await givenAsleep({ wakeUp: 'refuse', allocationDelayMs: 20_000 });
		const effect = async () => await cluster.advance(10_000);
		cluster.fault({ kind: 'effect', path: /_infer$/, times: Infinity, effect });
		const { status, items } = await run(cluster, infer('search', 'x'));
		expect([status, items.length]).toEqual(['success', 1]);
		expect(asked(cluster).map(({ status: each }) => each)).toEqual([409, 409, 200]);
	});

	it('is given up after Wait Timeout where it never wakes, and is said to be waking', async () => {
		const cluster = await givenAsleep({ wakeUp: 'refuse', allocationDelayMs: 3_600_000 });
		const result = await run(cluster, infer('search', 'x', { waitTimeout: 1 }));
		expect(seen(result)).toEqual({
			message: "The deployment 'search' did not answer in time: no allocation of it runs yet",
			description: expect.stringMatching(/^If it sleeps at zero, the request wakes it: /),
		});
		expect(asked(cluster)).toHaveLength(2);
	});
});

describe('an AI agent', () => {
	const asTool = { nodeType: 'n8n-nodes-elasticsearch-ml.mlDeploymentTool' };

	it('may ask what runs', async () => {
		const { items } = await run(await givenTopics(), infer('search', 'x'), asTool);
		expect(items[0]).toHaveProperty('result');
	});

	it.each([{}, { allowAgentUse: '={{ true }}' }])(
		'may not wake what sleeps with %j',
		async (options) => {
			const cluster = await givenAsleep();
			const { message } = seen(await run(cluster, infer('search', 'x', options), asTool));
			expect(message).toMatch(
				/^The deployment 'search' sleeps at zero, and an agent may not wake it\..*'Allow Agent Use'/,
			);
			expect(asked(cluster)).toEqual([]);
		},
	);

	it('may not wake what falls asleep after the first look', async () => {
		const cluster = await givenTopics();
		beforeLook(cluster, /\/topics$/, 1, () => fallAsleep(cluster));
		expect(seen(await run(cluster, infer('search', 'x'), asTool)).message).toMatch(
			/^The deployment 'search' sleeps at zero, and an agent may not wake it\./,
		);
		expect(asked(cluster)).toEqual([]);
	});

	it('may not wake with a later item what fell asleep behind an earlier one', async () => {
		const cluster = await givenTopics();
		beforeLook(cluster, /\/search\/_stats$/, 3, () => fallAsleep(cluster));
		const given = infer('search', 'x', { maxConcurrency: 1 });
		const { items } = await run(cluster, given, {
			...asTool,
			items: [{}, {}],
			onError: 'continueRegularOutput',
		});
		expect(items.map((item) => 'error' in item)).toEqual([false, true]);
		expect(asked(cluster)).toHaveLength(1);
	});

	it('may wake it where a person allowed it', async () => {
		const cluster = await givenAsleep();
		const { items } = await run(cluster, infer('search', 'x', { allowAgentUse: true }), asTool);
		expect(items[0]).toHaveProperty('result');
	});
});
