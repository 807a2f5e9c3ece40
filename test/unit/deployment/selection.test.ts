import { select, type SelectionRules } from '../../../nodes/elasticsearch/deployment/selection';
import type { StatsEntry } from '../../../nodes/elasticsearch/deployment/state';
import { deployment } from '../builders';

function named(...ids: string[]): StatsEntry[] {
	return ids.map((id) => ({ modelId: '.elser_model_2', deployment: deployment({ id }), raw: {} }));
}

const ALL = named('elser-search', 'e5', 'elser-ingest', 'rerank');
const RULES: SelectionRules = { exclude: [], maxMatches: 25 };

/** The ids that were selected; throws where the pattern was refused. */
function idsOf(pattern: string[], rules: Partial<SelectionRules> = {}, from = ALL) {
	const selected = select(from, pattern, { ...RULES, ...rules }, []);
	if (!selected.ok) throw new Error(selected.problem.code);
	const { matched, excluded, unmatched } = selected.value;
	return {
		matched: matched.map((each) => each.id),
		excluded: excluded.map((each) => each.id),
		unmatched,
	};
}

describe('a selection', () => {
	it.each<[string, string[], string[]]>([
		['one id', ['e5'], ['e5']],
		['a wildcard', ['elser-*'], ['elser-search', 'elser-ingest']],
		['everything', ['*'], ['elser-search', 'e5', 'elser-ingest', 'rerank']],
		["a list, in the cluster's order", ['rerank', 'e5'], ['e5', 'rerank']],
		[
			'parts that overlap, each deployment once',
			['elser-*', '*search', '*'],
			['elser-search', 'e5', 'elser-ingest', 'rerank'],
		],
	])('takes what %s means', (_what, pattern, matched) => {
		expect(idsOf(pattern)).toEqual({ matched, excluded: [], unmatched: [] });
	});

	it('leaves out what is excluded, and tells it', () => {
		expect(idsOf(['elser-*', 'e5'], { exclude: ['*-ingest', 'rerank'] })).toEqual({
			matched: ['elser-search', 'e5'],
			excluded: ['elser-ingest'],
			unmatched: [],
		});
	});

	it('may exclude everything', () => {
		expect(idsOf(['e5'], { exclude: ['*'] })).toEqual({
			matched: [],
			excluded: ['e5'],
			unmatched: [],
		});
	});

	it('passes over models without a deployment', () => {
		const model: StatsEntry = { modelId: 'elser-new', raw: {} };
		expect(idsOf(['elser-*'], { maxMatches: 2 }, [model, ...ALL])).toEqual({
			matched: ['elser-search', 'elser-ingest'],
			excluded: [],
			unmatched: [],
		});
		expect(select([model], ['*'], RULES, []).ok).toBe(false);
	});

	it('hands on the deployments themselves', () => {
		expect(select(ALL, ['e5'], RULES, [])).toMatchObject({
			value: { matched: [ALL[1].deployment] },
		});
	});
});

describe('a pattern that matches nothing', () => {
	it.each<[string, string[], StatsEntry[], string[]]>([
		['a typo', ['elsr-*'], ALL, ['elsr-*']],
		['one typo in a list', ['e5', 'typo'], ALL, ['typo']],
		['two typos in a list', ['x', 'e5', 'y'], ALL, ['x', 'y']],
		['everything, where nothing runs', ['*'], [], ['*']],
	])('is refused before anything is changed: %s', (_what, pattern, from, parts) => {
		const refused = { ok: false, problem: { code: 'no_match', parts } };
		expect(select(from, pattern, RULES, [])).toEqual(refused);
		expect(select(from, pattern, { ...RULES, allowNoMatch: false }, [])).toEqual(refused);
	});

	it('is told where it may be', () => {
		expect(idsOf(['typo', 'e5', 'x*'], { allowNoMatch: true })).toEqual({
			matched: ['e5'],
			excluded: [],
			unmatched: ['typo', 'x*'],
		});
	});

	it('is not one whose matches are all excluded', () => {
		expect(idsOf(['e5'], { exclude: ['e5'] }).unmatched).toEqual([]);
	});
});

describe('a pattern that matches too much', () => {
	it('is refused before anything is changed, and shows what it matches', () => {
		expect(select(ALL, ['el*', 'e5'], { ...RULES, maxMatches: 2 }, [])).toEqual({
			ok: false,
			problem: {
				code: 'too_many',
				pattern: ['el*', 'e5'],
				ids: ['elser-search', 'e5', 'elser-ingest'],
				most: 2,
			},
		});
	});

	it('may match exactly as many as allowed', () => {
		expect(idsOf(['*'], { maxMatches: 4 }).matched).toHaveLength(4);
	});

	it('is not one where the excluded make the difference', () => {
		expect(idsOf(['*'], { maxMatches: 3, exclude: ['rerank'] }).matched).toHaveLength(3);
	});
});

describe('what this run stopped before', () => {
	it('may be named by a part of the pattern, and only that', () => {
		const selected = select(named('batch-b'), ['batch-a', 'bacth-b'], RULES, ['batch-a']);
		expect(selected).toMatchObject({
			ok: false,
			problem: { code: 'no_match', parts: ['bacth-b'] },
		});
		expect(select(named('batch-b'), ['batch-a', 'batch-b'], RULES, ['batch-a'])).toMatchObject({
			ok: true,
			value: { matched: [{ id: 'batch-b' }], unmatched: [] },
		});
	});
});

describe('an exclude', () => {
	it('that matches nothing is told', () => {
		const rules = { ...RULES, exclude: ['prod-*', 'e5'] };
		expect(select(ALL, ['*'], rules, [])).toMatchObject({
			ok: true,
			value: { unusedExcludes: ['prod-*'] },
		});
	});

	it("that is a model's id, whose deployments have others, is refused and names them", () => {
		const rules = { ...RULES, exclude: ['.elser_model_2'] };
		expect(select(named('search', 'ingest'), ['*'], rules, [])).toEqual({
			ok: false,
			problem: { code: 'excludes_model', modelId: '.elser_model_2', ids: ['search', 'ingest'] },
		});
	});

	it("that is a model's id and a deployment's too protects that deployment", () => {
		const rules = { ...RULES, exclude: ['.elser_model_2'] };
		expect(select(named('.elser_model_2', 'search'), ['*'], rules, [])).toMatchObject({
			ok: true,
			value: { matched: [{ id: 'search' }], excluded: [{ id: '.elser_model_2' }] },
		});
	});
});
