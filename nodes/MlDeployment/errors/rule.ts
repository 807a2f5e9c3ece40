/** What was asked for, so that a message can name it. */
export interface Subject {
	deploymentId?: string;
	modelId?: string;
	/** The id that was perhaps meant, where the cluster knows none like the one asked for. */
	meant?: string;
	/** The inference endpoint that needs a deployment of this id, where there is none. */
	endpoint?: { id: string; modelId: string | null; isDefault: boolean };
}

/** A failure in words. */
export interface Explanation {
	/** What happened, to which deployment. */
	message: string;
	/** What to do next, with the option or privilege to change. */
	next: string;
	/** What the cluster said, in its own words. */
	said?: string;
}

/** A slip of ours. */
export interface Unexpected {
	kind: 'unexpected';
	/** What was thrown. */
	cause: unknown;
}

/** No id is as long, and no word. What stands behind such a value stays. */
const LONG = /(\S{60})\S{40,}?(['"),.;:]{0,3})(?=\s|$)/gu;

/** The explanation with its long values cut: fields and answers can hold thousands of characters. */
export function inShort(explanation: Explanation): Explanation {
	const { message, next } = explanation;
	return {
		...explanation,
		message: message.replace(LONG, '$1…$2'),
		next: next.replace(LONG, '$1…$2'),
	};
}

/** The words with a full stop, unless they end with a sign already. */
export function sentence(words: string): string {
	return /[.!?…]$/.test(words) ? words : `${words}.`;
}

/**
 * The error with the words that it was made with: n8n replaces a message with a code such as EPERM
 * in it (it may be in an id) by a stock text.
 */
export function inOurWords<E extends Error & { description?: string | null }>(
	error: E,
	words: { message: string; description: string },
): E {
	return Object.assign(error, words);
}

/** The next step, and on a line of their own the cluster's words. */
export function description({ next, said }: Explanation): string {
	return said === undefined ? sentence(next) : `${sentence(next)}\nElasticsearch said: ${said}`;
}
