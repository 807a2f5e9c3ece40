import { didYouMean } from './didYouMean';
import { ElasticError, type Cause } from './errors';
import type { JsonNode } from './json';

const PARSE_ERROR = 'x_content_parse_exception';

/** What Elasticsearch's strict ObjectParser does with a body: every key must be known, every value fit. */
export type FieldReaders = Record<string, (node: JsonNode) => void>;

/** A value that does not fit, seen from inside a field. */
class Unfit extends Error {
	constructor(
		readonly type: string,
		readonly reason: string,
	) {
		super(reason);
	}
}

/** Reads an object key by key; the first unknown key or unfit value ends in 400. */
export function readObject(node: JsonNode, parser: string, readers: FieldReaders): void {
	if (node.kind !== 'object') {
		throw parseError(node.at, parser, `Expected START_OBJECT but was: ${token(node)}`);
	}
	for (const { name, at, node: value } of node.fields) {
		const read = readers[name];
		if (!Object.hasOwn(readers, name)) {
			const hint = didYouMean(name, Object.keys(readers));
			throw parseError(at, parser, `unknown field [${name}]${hint}`);
		}
		try {
			read(value);
		} catch (error) {
			throw wrapped(error, value, parser, name);
		}
	}
}

function wrapped(error: unknown, value: JsonNode, parser: string, name: string): unknown {
	if (error instanceof Unfit && error.type === 'values') {
		return parseError(value.at, parser, `${name} ${error.reason}`);
	}
	const message = `failed to parse field [${name}]`;
	if (error instanceof Unfit) {
		return parseError(value.at, parser, message, { type: error.type, reason: error.reason });
	}
	if (!(error instanceof ElasticError)) return error;
	const cause = { type: error.type, reason: error.reason };
	// An inner parse error is shown as the root.
	const root = error.type === PARSE_ERROR ? cause : undefined;
	return parseError(value.at, parser, message, cause, root);
}

function parseError(
	at: string,
	parser: string,
	message: string,
	causedBy?: Cause,
	rootCause?: Cause,
) {
	const reason = `[${at}] [${parser}] ${message}`;
	return new ElasticError(400, PARSE_ERROR, reason, { causedBy, rootCause });
}

function token(node: JsonNode): string {
	if (node.kind === 'object') return 'START_OBJECT';
	if (node.kind === 'array') return 'START_ARRAY';
	return node.kind === 'boolean'
		? `VALUE_${String(node.value).toUpperCase()}`
		: `VALUE_${node.kind.toUpperCase()}`;
}

function unsupported(node: JsonNode): Unfit {
	const kind = node.kind === 'boolean' ? 'VALUE_BOOLEAN' : token(node);
	return new Unfit('values', `doesn't support values of type: ${kind}`);
}

/** An int; digits in a string count as one (docs/elasticsearch-behaviour.md, "Update: errors"). */
export function intValue(node: JsonNode): number {
	if (node.kind !== 'number' && node.kind !== 'string') throw unsupported(node);
	const value = Number(node.value);
	if (node.kind === 'string' && !/^[+-]?\d+(\.\d+)?$/.test(String(node.value))) {
		throw new Unfit('number_format_exception', `For input string: "${String(node.value)}"`);
	}
	if (!Number.isInteger(value)) {
		throw new Unfit(
			'illegal_argument_exception',
			`${value} cannot be converted to Integer without data loss`,
		);
	}
	if (Math.abs(value) > 2 ** 31 - 1) {
		throw new Unfit(
			'illegal_argument_exception',
			`Value [${value}] is out of range for an integer`,
		);
	}
	return value;
}

/** An int, or undefined for null. */
export function intOrNull(node: JsonNode): number | undefined {
	return node.kind === 'null' ? undefined : intValue(node);
}

export function booleanValue(node: JsonNode): boolean {
	if (node.value === 'true' || node.value === 'false') return node.value === 'true';
	if (node.kind !== 'boolean') {
		if (node.kind !== 'string') throw unsupported(node);
		throw new Unfit(
			'illegal_argument_exception',
			`Failed to parse value [${String(node.value)}] as only [true] or [false] are allowed.`,
		);
	}
	return node.value === true;
}

export function stringValue(node: JsonNode): string {
	if (node.kind !== 'string' && node.kind !== 'number' && node.kind !== 'boolean') {
		throw unsupported(node);
	}
	return String(node.value);
}
