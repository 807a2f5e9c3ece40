import { didYouMean } from './didYouMean';
import { parseDuration } from '../settings/durations';
import { illegalArgument } from './errors';
import { parseJson, type JsonNode } from './json';
import type { Principal } from '../security/security';
import type { Features } from '../settings/versions';

const ALWAYS_ALLOWED = ['error_trace', 'filter_path', 'format', 'human', 'pretty'];

/**
 * A request as a REST handler sees it. It remembers which parameters were read, because Elasticsearch
 * refuses those that weren't, and a body that nobody looked at (docs/elasticsearch-behaviour.md, "REST: situations").
 */
export class Call {
	principal?: Principal;
	private readonly read = new Set<string>();
	private bodyRead = false;

	constructor(
		readonly method: string,
		/** Without base path and query, as it came over the wire. */
		readonly path: string,
		readonly uri: string,
		readonly pathParams: Record<string, string>,
		readonly query: Record<string, string>,
		readonly headers: Record<string, string | string[] | undefined>,
		readonly text: string,
		readonly features: Features,
	) {}

	get hasBody(): boolean {
		return this.text.length > 0;
	}

	pathParam(name: string): string {
		return this.pathParams[name] ?? '';
	}

	string(name: string): string | undefined {
		this.read.add(name);
		return this.query[name];
	}

	/** A flag without a value counts as true. */
	flag(name: string, fallback: boolean): boolean {
		const value = this.string(name);
		if (value === undefined) return fallback;
		if (value === '' || value === 'true') return true;
		if (value === 'false') return false;
		throw illegalArgument(
			`Failed to parse value [${value}] as only [true] or [false] are allowed.`,
		);
	}

	int(name: string): number | undefined {
		const value = this.string(name);
		if (value === undefined) return undefined;
		if (!/^[+-]?\d+$/.test(value) || Math.abs(Number(value)) > 2 ** 31 - 1) {
			const cause = { type: 'number_format_exception', reason: `For input string: "${value}"` };
			throw illegalArgument(`Failed to parse int parameter [${name}] with value [${value}]`, cause);
		}
		return Number(value);
	}

	duration(name: string): number | undefined {
		const value = this.string(name);
		return value === undefined ? undefined : parseDuration(value, name);
	}

	/** The body's JSON, or undefined without a body. */
	json(): JsonNode | undefined {
		this.bodyRead = true;
		return this.hasBody ? parseJson(this.text, this.features.malformedJsonType) : undefined;
	}

	/** What BaseRestHandler checks once a handler has read what it wants. */
	refuseLeftovers(): void {
		const unread = Object.keys(this.query)
			.filter((name) => !this.read.has(name) && !ALWAYS_ALLOWED.includes(name))
			.sort();
		if (unread.length > 0) throw this.unrecognized(unread);
		if (this.hasBody && !this.bodyRead) {
			throw illegalArgument(`request [${this.method} ${this.path}] does not support having a body`);
		}
	}

	private unrecognized(names: string[]): Error {
		const known = [...this.read, ...ALWAYS_ALLOWED];
		const list = names
			.map((name) => {
				const hint = didYouMean(name, known);
				return `[${name}]${hint && ` ->${hint}`}`;
			})
			.join(', ');
		const noun = names.length > 1 ? 'parameters' : 'parameter';
		return illegalArgument(`request [${this.path}] contains unrecognized ${noun}: ${list}`);
	}
}
