import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';

import { exactId, type IdKind } from '../../elasticsearch/deployment/ids';
import { readRestore, type RestoredStart } from '../../elasticsearch/deployment/parseRestore';
import { readPattern, type Pattern } from '../../elasticsearch/deployment/pattern';
import type { ConnectionSettings } from '../../elasticsearch/transport/connection';
import { refused, type Checked } from '../../elasticsearch/transport/check';
import { explainId, explainPattern } from '../errors/inputErrors';
import { explainRestore } from '../errors/restoreErrors';
import { inOurWords, inShort, sentence, type Explanation } from '../errors/rule';
import { deploymentId, pattern, type Choice, type NumberField } from './fields';
import { REQUEST_TIMEOUT_S, requestTimeout, RETRIES, retries } from './options';
import {
	filledText,
	jsonObject,
	minutes,
	oneOf,
	text,
	trueOrFalse,
	wholeNumber,
	type Read,
	type Reading,
} from './values';

/** Reads and checks the fields of one item. Readers throw a NodeOperationError with its index. */
export class ItemInput {
	constructor(
		private readonly host: IExecuteFunctions,
		readonly index: number,
		private readonly options = host.getNodeParameter('options', index, {}) as IDataObject,
	) {}

	/** Returns a value that was read, or throws what is wrong with it. */
	take<T>(read: Read<T>): T {
		return read.ok ? read.value : this.refuse(read.problem);
	}

	refuse(problem: Explanation): never {
		const { message, next } = inShort(problem);
		const words = { message, description: sentence(next) };
		const error = new NodeOperationError(this.host.getNode(), message, {
			itemIndex: this.index,
			description: words.description,
		});
		throw inOurWords(error, words);
	}

	field({ name, type }: INodeProperties): unknown {
		// To extract a value, n8n goes through all fields of the node.
		const options = type === 'resourceLocator' ? { extractValue: true } : undefined;
		return this.host.getNodeParameter(name, this.index, undefined, options);
	}

	/** The same fields, with the options of another collection. */
	within(collection: INodeProperties): ItemInput {
		return new ItemInput(this.host, this.index, (this.field(collection) ?? {}) as IDataObject);
	}

	private read<T>(field: INodeProperties, as: Reading<T>): T {
		return this.take(as(this.field(field), field.displayName));
	}

	number(field: NumberField): number {
		return this.read(field, whole(field));
	}

	flag({ name, displayName }: INodeProperties): boolean {
		const value = this.host.getNodeParameter(name, this.index, false);
		return this.take(trueOrFalse(value, displayName));
	}

	/** @param allowed its values, if messages name them in another order than the editor does */
	choice<T extends string>(field: Choice<T>, allowed = valuesOf(field)): T {
		return this.read(field, among(allowed));
	}

	id(field: INodeProperties, of: IdKind): string {
		return this.read(field, idOf(of));
	}

	deploymentId(): string {
		return this.id(deploymentId, 'deployment');
	}

	pattern(): Pattern {
		return this.read(pattern, patternOf("name it in the option 'Exclude'"));
	}

	/** A text that is not empty. */
	text(field: INodeProperties): string {
		return this.read(field, filledText);
	}

	/** A restore object, or its JSON text; undefined for null, which says that nothing was stopped. */
	restored(field: INodeProperties): RestoredStart | undefined {
		const value = this.field(field);
		if (value === null || value === 'null') return undefined;
		return this.read(field, (given) => worded(readRestore(given), explainRestore));
	}

	/** The deployment that the input item names, if it comes from this node or a table of its items. */
	deploymentIdOfItem(): string | null {
		const { deployment_id: id } = this.host.getInputData()[this.index].json;
		return typeof id === 'string' ? id : null;
	}

	/** Reads an option. An absent one has the value `absent`, whatever default the editor shows. */
	optional<T, A>({ name, displayName }: INodeProperties, as: Reading<T>, absent: A): T | A {
		return name in this.options ? this.take(as(this.options[name], displayName)) : absent;
	}

	optionalText(option: INodeProperties): string | undefined {
		return this.optional(option, text, undefined);
	}

	/** A text that is not empty if the option is there. */
	optionalFilledText(option: INodeProperties): string | undefined {
		return this.optional(option, filledText, undefined);
	}

	optionalObject(option: INodeProperties): IDataObject | undefined {
		return this.optional(option, jsonObject, undefined) as IDataObject | undefined;
	}

	optionalId<A>(option: INodeProperties, of: IdKind, absent: A): string | A {
		return this.optional(option, idOf(of), absent);
	}

	optionalFlag<A>(option: INodeProperties, absent: A): boolean | A {
		return this.optional(option, trueOrFalse, absent);
	}

	optionalMinutes(option: INodeProperties): number | undefined {
		return this.optional(option, minutes, undefined);
	}

	optionalNumber<A>(option: NumberField, absent: A): number | A {
		return this.optional(option, whole(option), absent);
	}

	optionalChoice<T extends string, A>(
		option: Choice<T>,
		absent: A,
		allowed = valuesOf(option),
	): T | A {
		return this.optional(option, among(allowed), absent);
	}

	requestSettings(absentTimeout = REQUEST_TIMEOUT_S): ConnectionSettings {
		return {
			timeoutMs: this.optionalNumber(requestTimeout, absentTimeout) * 1000,
			retries: this.optionalNumber(retries, RETRIES),
		};
	}

	/** Reads a list of patterns. @param toLeaveOut the next step for somebody who enters a minus */
	optionalPattern(option: INodeProperties, toLeaveOut: string): Pattern | undefined {
		return this.optional(option, patternOf(toLeaveOut), undefined);
	}
}

/** Puts the problem of a check into words. */
function worded<T, P>(checked: Checked<T, P>, explain: (problem: P) => Explanation): Read<T> {
	return checked.ok ? checked : refused(explain(checked.problem));
}

function idOf(of: IdKind): Reading<string> {
	return (value, label) => {
		const read = text(value, label);
		return read.ok ? worded(exactId(read.value, of), explainId) : read;
	};
}

function patternOf(toLeaveOut: string): Reading<Pattern> {
	return (value, label) => {
		const read = text(value, label);
		if (!read.ok) return read;
		return worded(readPattern(read.value), (problem) => explainPattern(problem, toLeaveOut));
	};
}

function whole({ typeOptions }: NumberField): Reading<number> {
	return (value, label) => wholeNumber(value, label, typeOptions.minValue);
}

function among<T extends string>(allowed: readonly T[]): Reading<T> {
	return (value, label) => oneOf(value, label, allowed);
}

function valuesOf<T extends string>(field: Choice<T>): readonly T[] {
	return field.options.map(({ value }) => value);
}
