import { classOf, fraction } from './likelihood';

const CLASSES = ['PER', 'LOC', 'ORG', 'MISC'];

export interface Entity {
	entity: string;
	class_name: string;
	class_probability: number;
	start_pos: number;
	end_pos: number;
}

/** Names are words with a capital; which kind, the name decides. */
export function entitiesOf(text: string): Entity[] {
	return [...text.matchAll(/\p{Lu}[\p{L}\p{N}]+(?: \p{Lu}[\p{L}\p{N}]+)*/gu)].map((match) => ({
		entity: match[0].toLowerCase(),
		class_name: classOf(match[0], CLASSES).name,
		class_probability: 0.9 + fraction(match[0]) / 10,
		start_pos: match.index,
		end_pos: match.index + match[0].length,
	}));
}

/** `[Berlin](LOC&Berlin)`, as the annotated text of Elasticsearch writes it. */
export function annotated(text: string, entities: readonly Entity[]): string {
	let at = 0;
	let result = '';
	for (const { start_pos: start, end_pos: end, class_name: name } of entities) {
		const words = text.slice(start, end);
		const encoded = encodeURIComponent(words).replace(/%20/g, '+');
		result += `${text.slice(at, start)}[${words}](${name}&${encoded})`;
		at = end;
	}
	return result + text.slice(at);
}
