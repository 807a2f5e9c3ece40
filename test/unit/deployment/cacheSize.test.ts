import fc from 'fast-check';

import {
	bytesOf,
	printedSize,
	restoredCacheSize,
} from '../../../nodes/elasticsearch/deployment/restore';

const KB = 1024;
const MB = 1024 ** 2;
const GB = 1024 ** 3;
const TB = 1024 ** 4;

/** Elasticsearch's own way: the quotient as text, cut after its first decimal. */
function asElasticsearch(bytes: number): string {
	const units: Array<[string, number]> = [
		['tb', TB],
		['gb', GB],
		['mb', MB],
		['kb', KB],
	];
	const [unit, size] = units.find(([, each]) => bytes >= each) ?? ['b', 1];
	const [whole, decimals = '0'] = String(bytes / size).split('.');
	return decimals.startsWith('0') ? `${whole}${unit}` : `${whole}.${decimals[0]}${unit}`;
}

describe('the bytes of a size', () => {
	it.each([
		['0', 0],
		['0b', 0],
		['512b', 512],
		['512', 512],
		['10kb', 10 * KB],
		['10KB', 10 * KB],
		['1.5kb', 1_536],
		['1.25kb', 1_280],
		['253.5mb', 253.5 * MB],
		['1gb', GB],
		['2tb', 2 * TB],
		['1pb', 1024 * TB],
		[' 10kb ', 10 * KB],
		['10 kb', 10 * KB],
	])('%j are %d', (text, expected) => {
		expect(bytesOf(text)).toBe(expected);
	});

	it.each([
		'',
		' ',
		'kb',
		'-1',
		'-1b',
		'1e3',
		'1,5kb',
		'.5kb',
		'5.kb',
		'10kib',
		'10%',
		'NaN',
		'1 0kb',
	])('%j are none', (text) => {
		expect(bytesOf(text)).toBeUndefined();
	});
});

describe('a size in print', () => {
	it.each([
		[0, '0b'],
		[1, '1b'],
		[1_023, '1023b'],
		[KB, '1kb'],
		[KB + 102, '1kb'],
		[KB + 103, '1.1kb'],
		[1_536, '1.5kb'],
		[MB - 1, '1023.9kb'],
		[265_632_637, '253.3mb'],
		[GB, '1gb'],
		[GB - 1, '1023.9mb'],
		[TB, '1tb'],
		[1024 * TB, '1pb'],
		[1536 * TB, '1.5pb'],
	])('of %d bytes is %j', (bytes, expected) => {
		expect(printedSize(bytes)).toBe(expected);
	});

	it("is Elasticsearch's own, for every size", () => {
		const sizes = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 45 }));
		fc.assert(
			fc.property(sizes, (bytes) => {
				expect(printedSize(bytes)).toBe(asElasticsearch(bytes));
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('the cache size to restore', () => {
	it.each([
		['is none where the cluster prints none', null, 265_632_637, undefined],
		['is none where the print is no size', 'lots', 265_632_637, undefined],
		['is none where it is more than Elasticsearch counts', '8192pb', 265_632_637, undefined],
		['is kept where Elasticsearch just counts it', '8191pb', 265_632_637, `${8191 * 1024 * TB}b`],
		["is left out where it is the model's size", '253.3mb', 265_632_637, undefined],
		["is left out where it is the model's size to the byte", '10kb', 10 * KB, undefined],
		['is kept where it differs', '10kb', 265_632_637, '10240b'],
		['is kept in whole bytes, rounded up', '253.3mb', null, '265604301b'],
		['is kept where the size of the model is not known', '1gb', null, '1073741824b'],
		['is kept where there is none', '0', 265_632_637, '0'],
		['is kept where there is none, printed with its unit', '0b', 265_632_637, '0'],
		['is kept where it is a tenth above', '253.4mb', 265_632_637, '265709159b'],
		['is kept where it is a tenth below', '253.2mb', 265_632_637, '265499444b'],
		// 5 percent are a lot where the unit is large: the cluster would come back with 1gb.
		["is kept where only rounding would make it the model's", '1.1gb', 1.06 * GB, '1181116007b'],
	])('%s', (_what, printed, modelSizeBytes, expected) => {
		expect(restoredCacheSize(printed, modelSizeBytes)).toBe(expected);
	});

	/** What the cluster prints after so many rounds of stop and start. */
	function printedAfter(rounds: number, cacheBytes: number, modelBytes: number): string {
		let bytes = cacheBytes;
		for (let round = 0; round < rounds; round++) {
			const restored = restoredCacheSize(asElasticsearch(bytes), modelBytes);
			// A start without cache size takes the model's.
			bytes = restored === undefined ? modelBytes : (bytesOf(restored) ?? NaN);
			expect(Number.isInteger(bytes)).toBe(true);
		}
		return asElasticsearch(bytes);
	}

	const sizes = fc.oneof(fc.integer({ min: 0, max: 4 * GB }), fc.integer({ min: 0, max: 2 ** 44 }));

	it('drifts by nothing in five rounds, whatever the sizes', () => {
		fc.assert(
			fc.property(sizes, sizes, (cacheBytes, modelBytes) => {
				expect(printedAfter(5, cacheBytes, modelBytes)).toBe(asElasticsearch(cacheBytes));
			}),
			{ numRuns: 1_000 },
		);
	});

	it("drifts by nothing in five rounds, also where it is close to the model's size", () => {
		const factor = fc.integer({ min: 900, max: 1_100 }).map((thousandths) => thousandths / 1_000);
		fc.assert(
			fc.property(sizes, factor, (cacheBytes, times) => {
				const modelBytes = Math.round(cacheBytes * times);
				expect(printedAfter(5, cacheBytes, modelBytes)).toBe(asElasticsearch(cacheBytes));
			}),
			{ numRuns: 1_000 },
		);
	});
});
