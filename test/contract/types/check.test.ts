import { check, type Difference, type Typed } from './check';

const STATS = 'MlGetTrainedModelsStatsResponse';
const sizes = { model_size_bytes: 1, required_native_memory_bytes: 2 };
const right = { model_id: 'm', pipeline_count: 0, model_size_stats: sizes };
const page = (entry: object): object => ({ count: 1, trained_model_stats: [entry] });
const stats = (entry: object): Typed => ({ client: 9, type: STATS, body: page(entry) });

const wrong: Array<[string, Typed, Array<Partial<Difference>>]> = [
	['nothing in a right answer', stats(right), []],
	[
		'what is missing',
		stats({ model_id: 'm', model_size_stats: sizes }),
		[{ of: 'MlTrainedModelStats.pipeline_count', kind: 'missing' }],
	],
	[
		'what is of another type',
		stats({ ...right, pipeline_count: '0' }),
		[{ place: '.trained_model_stats[].pipeline_count', kind: 'wrong', value: '"0"' }],
	],
	[
		'what the type does not know',
		stats({ ...right, deployments: 1 }),
		[{ of: 'MlTrainedModelStats.deployments', kind: 'unknown', value: '1' }],
	],
	[
		'all of them at once, beside each other and inside each other',
		stats({ model_id: null, model_size_stats: { ...sizes, a: 1 }, b: 2 }),
		[
			{ of: 'MlTrainedModelStats.pipeline_count', kind: 'missing' },
			{ of: 'MlTrainedModelStats.model_id', kind: 'wrong', value: 'null' },
			{ of: 'MlTrainedModelSizeStats.a', kind: 'unknown' },
			{ of: 'MlTrainedModelStats.b', kind: 'unknown' },
		],
	],
	[
		'a word that is not in the list',
		{
			client: 9,
			type: 'MlTrainedModelDeploymentAllocationStatus',
			body: { allocation_count: 1, target_allocation_count: 1, state: 'full' },
		},
		[{ of: 'MlTrainedModelDeploymentAllocationStatus.state', kind: 'wrong', value: '"full"' }],
	],
	[
		'two of the keys of which there may be one',
		{
			client: 9,
			type: 'InferenceInferenceResult',
			body: { rerank: [], sparse_embedding: [] },
		},
		[{ kind: 'wrong' }],
	],
	[
		'a list where an object belongs',
		{ client: 8, type: STATS, body: [] },
		[{ of: STATS, place: '', kind: 'wrong' }],
	],
];

describe('the check', () => {
	let checked: ReturnType<typeof check>;
	beforeAll(() => {
		checked = check(wrong.map(([, answer]) => answer));
	}, 120_000);

	it.each(wrong.map(([name, , expected], i) => [name, expected, i] as const))(
		'finds %s',
		(_, expected, i) => {
			expect(checked.differences[i]).toMatchObject(expected);
			expect(checked.differences[i]).toHaveLength(expected.length);
			expect(checked.compiler[i].length > 0).toBe(expected.length > 0);
		},
	);

	it('does not take an unknown type for a right answer', () => {
		const unknown = { client: 9, type: 'NoSuchResponse', body: {} } as const;
		expect(() => check([unknown])).toThrow('NoSuchResponse');
	}, 120_000);
});
