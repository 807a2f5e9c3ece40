import { ElasticError } from './errors';

export interface JsonNode {
	kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
	value: unknown;
	/** `line:column` of the first character, as Elasticsearch prints it. */
	at: string;
	fields: JsonField[];
	items: JsonNode[];
}

export interface JsonField {
	name: string;
	at: string;
	node: JsonNode;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** A JSON parser that remembers where things stand: Elasticsearch's messages name line and column. */
class Parser {
	private at = 0;

	constructor(
		private readonly text: string,
		private readonly malformedType: string,
	) {}

	document(): JsonNode {
		const node = this.value();
		this.space();
		if (this.at < this.text.length) this.unexpected();
		return node;
	}

	private value(): JsonNode {
		this.space();
		const node: JsonNode = { kind: 'null', value: null, at: this.place(), fields: [], items: [] };
		if (this.take('{')) return this.object(node);
		if (this.take('[')) return this.array(node);
		const text = this.string();
		if (text !== undefined) return { ...node, kind: 'string', value: text };
		const number = this.match(NUMBER);
		if (number !== undefined) return { ...node, kind: 'number', value: Number(number) };
		const word = this.match(WORD);
		if (word === 'null') return node;
		if (word !== undefined) return { ...node, kind: 'boolean', value: word === 'true' };
		return this.unexpected();
	}

	private object(node: JsonNode): JsonNode {
		const value: Record<string, unknown> = {};
		const fields: JsonField[] = [];
		this.list('}', () => {
			this.space();
			const at = this.place();
			const name = this.string() ?? this.unexpected();
			this.space();
			if (!this.take(':')) this.unexpected();
			const field = this.value();
			fields.push({ name, at, node: field });
			value[name] = field.value;
		});
		return { ...node, kind: 'object', value, fields };
	}

	private array(node: JsonNode): JsonNode {
		const items: JsonNode[] = [];
		this.list(']', () => items.push(this.value()));
		return { ...node, kind: 'array', value: items.map((item) => item.value), items };
	}

	private list(end: string, one: () => void): void {
		this.space();
		if (this.take(end)) return;
		for (;;) {
			one();
			this.space();
			if (this.take(end)) return;
			if (!this.take(',')) this.unexpected();
		}
	}

	/** Escapes and forbidden characters are JSON.parse's business. */
	private string(): string | undefined {
		const before = this.at;
		const text = this.match(STRING);
		if (text === undefined) return undefined;
		try {
			return String(JSON.parse(text));
		} catch {
			this.at = before;
			return this.unexpected();
		}
	}

	private space(): void {
		while (/\s/.test(this.text[this.at] ?? '')) this.at++;
	}

	private take(character: string): boolean {
		if (this.text[this.at] !== character) return false;
		this.at++;
		return true;
	}

	private match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0];
		this.at += found?.length ?? 0;
		return found;
	}

	private place(): string {
		const before = this.text.slice(0, this.at).split('\n');
		return `${before.length}:${before[before.length - 1].length + 1}`;
	}

	private unexpected(): never {
		const character = this.text[this.at];
		if (character === undefined) {
			throw new ElasticError(
				400,
				'x_content_e_o_f_exception',
				`[${this.place()}] Unexpected end of file`,
			);
		}
		const name = `'${character}' (code ${character.charCodeAt(0)})`;
		const reason = `[${this.place()}] Unexpected character (${name}): expected a valid value`;
		throw new ElasticError(400, this.malformedType, reason);
	}
}

/** Parses a request's body; malformed JSON is a 400 of the version's own type. */
export function parseJson(text: string, malformedType: string): JsonNode {
	return new Parser(text, malformedType).document();
}
