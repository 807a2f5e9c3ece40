import type { IDataObject } from 'n8n-workflow';

import { givenCluster } from '../engine/given';
import { outputOf, setUp, shipped } from './shipped';
import { start } from './start';

/** The reviews of the file itself. */
function shippedReviews(): string[] {
	const node = shipped('classify-with-your-model.json').nodes.find(
		({ name }) => name === 'Some Reviews',
	);
	const { reviews } = JSON.parse(String(node?.parameters.jsonOutput)) as { reviews: IDataObject[] };
	return reviews.map(({ text }) => String(text));
}

async function classify(seed: { labels?: string[]; infer_failure?: string } = {}) {
	const cluster = await givenCluster();
	cluster.addModel({ model_id: 'reviews', task: 'text_classification', ...seed });
	cluster.addDeployment({ deployment_id: 'reviews' });
	const picks = { 'Classify Review': 'reviews' };
	return await start(cluster, setUp('classify-with-your-model.json', { picks }));
}

describe('classify-with-your-model.json', () => {
	it('classifies each review, and takes each of them the way of its label', async () => {
		const result = await classify();
		expect(result.status).toBe('success');
		const complaints = outputOf(result, 'Answer First');
		const others = outputOf(result, 'File for Later');
		expect(complaints.every(({ label }) => label === 'NEGATIVE')).toBe(true);
		expect(others.every(({ label }) => label === 'POSITIVE')).toBe(true);
		expect([...complaints, ...others].map(({ review }) => review).sort()).toEqual(
			shippedReviews().sort(),
		);
		for (const { probability } of [...complaints, ...others]) {
			expect(Number(probability)).toBeGreaterThan(0);
		}
	});

	it.each([
		['NEGATIVE', 3, 0],
		['POSITIVE', 0, 3],
	])('takes all one way where all are %s', async (label, complaints, others) => {
		const result = await classify({ labels: [label] });
		expect(outputOf(result, 'Answer First')).toHaveLength(complaints);
		expect(outputOf(result, 'File for Later')).toHaveLength(others);
	});

	it('ends red where the model does not answer', async () => {
		expect((await classify({ infer_failure: 'out of memory' })).status).toBe('error');
	});
});
