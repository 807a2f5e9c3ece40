import type { IDataObject } from 'n8n-workflow';

/** Matches a restore, which is JSON text in outputs, by some of its keys. */
export function restoreWith(keys: IDataObject): unknown {
	const expected = expect.objectContaining(keys) as unknown as {
		asymmetricMatch(it: unknown): boolean;
	};
	return {
		$$typeof: Symbol.for('jest.asymmetricMatcher'),
		asymmetricMatch: (text: unknown) =>
			typeof text === 'string' && expected.asymmetricMatch(JSON.parse(text)),
		toString: () => 'RestoreWith',
		toAsymmetricMatcher: () => `RestoreWith ${JSON.stringify(keys)}`,
	};
}
