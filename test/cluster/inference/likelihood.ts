/** Numbers that look like a model's, and are always the same for the same text. */

/** 0 <= x < 1, from a text (FNV-1a). */
export function fraction(text: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) {
		hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
	}
	// The last steps spread what short texts leave in the lower bits.
	hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
	return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

export function wordsOf(text: string): string[] {
	return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Labels with their probabilities, the likeliest first; they add up to 1. */
function probabilities(text: string, labels: readonly string[]): Array<[string, number]> {
	const scores = labels.map((label) => Math.exp(6 * fraction(`${label} ${text}`)));
	const sum = scores.reduce((total, score) => total + score, 0);
	return labels
		.map((label, i): [string, number] => [label, scores[i] / sum])
		.sort(([, a], [, b]) => b - a);
}

export function classOf(
	text: string,
	labels: readonly string[],
): { name: string; probability: number } {
	const [[name, probability]] = probabilities(text, labels);
	return { name, probability };
}

/** `top_classes`, the likeliest first. */
export function topClasses(text: string, labels: readonly string[]): object[] {
	return probabilities(text, labels).map(([name, probability]) => ({
		class_name: name,
		class_probability: probability,
		class_score: probability,
	}));
}

/** A vector of length 1. */
export function unitVector(text: string, size: number): number[] {
	const vector = Array.from({ length: size }, (_, i) => fraction(`${i} ${text}`) - 0.5);
	const length = Math.hypot(...vector) || 1;
	return vector.map((value) => value / length);
}
