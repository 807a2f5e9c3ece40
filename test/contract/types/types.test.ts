import { VERSIONS } from '../../cluster';
import { featuresOf } from '../../cluster/settings/versions';
import { answersOf, shapeOf, type Answer } from './answers';
import { check, type Difference } from './check';
import { KNOWN } from './known';
import { RESPONSES, ROUTES } from './responses';

type Found = Answer & Difference;

/** One program for all answers: to read the types takes longer than to check them. */
function differencesIn(answers: Answer[]) {
	const shapes = new Map(answers.map((answer) => [shapeOf(answer), answer]));
	const { differences, compiler } = check([...shapes.values()]);
	const place = new Map([...shapes.keys()].map((shape, i) => [shape, i]));
	const of = <T>(results: T[], answer: Answer): T => results[place.get(shapeOf(answer)) ?? -1];
	return {
		found: answers.flatMap((answer): Found[] =>
			of(differences, answer).map((difference) => ({ ...answer, ...difference })),
		),
		/** The walk and the compiler must refuse the same answers. */
		disagreed: answers.filter(
			(answer) => of(differences, answer).length > 0 !== of(compiler, answer).length > 0,
		),
	};
}

const isKnown = (found: Found): boolean =>
	KNOWN.some(
		({ of, kind, profiles }) =>
			of === found.of && kind === found.kind && profiles.includes(found.profile),
	);

function told({ profile, route, status, place, kind, value, of }: Found): string {
	const what = value === undefined ? kind : `${kind} (${value})`;
	return `${profile} ${route} ${status}: ${place || 'the body'} is ${what}, says ${of}`;
}

describe("the embedded cluster's answers and the types of Elastic's clients", () => {
	let answers: Answer[];
	let checked: ReturnType<typeof differencesIn>;

	beforeAll(async () => {
		answers = (await Promise.all(VERSIONS.map(answersOf))).flat();
		checked = differencesIn(answers);
	}, 240_000);

	it('name a type for each route', () => {
		expect(Object.keys(RESPONSES).sort()).toEqual(ROUTES.map(({ name }) => name).sort());
	});

	it.each(VERSIONS)('have an answer and an error of each route of %s', (profile) => {
		const features = featuresOf(profile);
		const served = ROUTES.filter(({ since }) => since?.(features) ?? true);
		const got = (name: string, isError: boolean): boolean =>
			answers.some(
				(answer) =>
					answer.profile === profile &&
					answer.route === name &&
					(answer.type === 'ErrorResponseBase') === isError,
			);
		const silent = served.filter(({ name, hiddenOnServerless }) => {
			const hidden = features.serverless && hiddenOnServerless;
			return !got(name, true) || (!hidden && !got(name, false));
		});
		expect(silent.map(({ name }) => name)).toEqual([]);
	});

	it('agree, but for what is known', () => {
		const unknown = checked.found.filter((found) => !isKnown(found)).map(told);
		expect([...new Set(unknown)]).toEqual([]);
	});

	it('differ as the compiler itself says', () => {
		expect(checked.disagreed.map(({ profile, route }) => `${profile} ${route}`)).toEqual([]);
	});

	it('are named by version, route and place where one is wrong', () => {
		const [stats] = answers.filter(
			({ profile, type, body }) =>
				profile === '9.2' &&
				type === 'MlGetTrainedModelsStatsResponse' &&
				(body as { count: number }).count > 0,
		);
		const [entry] = (stats.body as { trained_model_stats: object[] }).trained_model_stats;
		const body = { trained_model_stats: [{ ...entry, pipeline_count: 'none', pipelines: [] }] };
		const { found } = differencesIn([{ ...stats, body }]);
		expect(found.filter((each) => !isKnown(each)).map(told)).toEqual([
			`9.2 ${stats.route} 200: .count is missing, says MlGetTrainedModelsStatsResponse.count`,
			`9.2 ${stats.route} 200: .trained_model_stats[].pipeline_count is wrong ("none"), says MlTrainedModelStats.pipeline_count`,
			`9.2 ${stats.route} 200: .trained_model_stats[].pipelines is unknown ([]), says MlTrainedModelStats.pipelines`,
		]);
	}, 120_000);

	it('differ still where they are known to', () => {
		const gone = KNOWN.flatMap(({ of, kind, profiles }) =>
			profiles
				.filter(
					(profile) =>
						!checked.found.some(
							(found) => found.of === of && found.kind === kind && found.profile === profile,
						),
				)
				.map((profile) => `${profile}: ${of} is no longer ${kind}`),
		);
		expect(gone).toEqual([]);
	});
});
