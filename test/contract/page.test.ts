import { cases } from './cases';
import { anchors } from './page';

describe('the cases', () => {
	it('have ids of their own', () => {
		const ids = cases.map(({ id }) => id);
		expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
	});

	it('name only sections that docs/elasticsearch-behaviour.md has', () => {
		const known = anchors();
		expect(cases.filter(({ section }) => !known.has(section)).map(({ id }) => id)).toEqual([]);
	});
});
