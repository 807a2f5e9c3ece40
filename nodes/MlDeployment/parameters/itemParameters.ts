import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';

import { exactId } from '../../elasticsearch/deployment/ids';
import { readPattern, type Pattern } from '../../elasticsearch/deployment/pattern';
import type { ConnectionSettings } from '../../elasticsearch/transport/connection';
import type { Checked } from '../../elasticsearch/transport/failure';
import { deploymentId, pattern, type Choice, type NumberField } from './fields';
import { REQUEST_TIMEOUT_S, requestTimeout, RETRIES, retries } from './options';
import { minutes, oneOf, text, trueOrFalse, wholeNumber, type Reading } from './values';

type IdOf = 'model' | 'deployment';

/** The fields of one item, checked. Every reader throws a NodeOperationError with the item's index. */
export class ItemInput {
	constructor(
		private readonly host: IExecuteFunctions,
		readonly index: number,
		private readonly options = host.getNodeParameter('options', index, {}) as IDataObject,
	) {}

	/** Hands on a checked value, or throws what is wrong with it. */
	take<T>(checked: Checked<T>): T {
		if (checked.ok) return checked.value;
		const { message, next } = checked.refusal;
		const error = new NodeOperationError(this.host.getNode(), message, {
			itemIndex: this.index,
			description: next,
		});
		// n8n swaps a message that happens to hold a code such as EPERM (in an id) for a stock text.
		error.message = message;
		throw error;
	}

	field({ name }: INodeProperties): unknown {
		return this.host.getNodeParameter(name, this.index, undefined, { extractValue: true });
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

	/** @param allowed its values, where a message names them in another order than the editor */
	choice<T extends string>(field: Choice<T>, allowed = valuesOf(field)): T {
		return this.read(field, among(allowed));
	}

	id(field: INodeProperties, of: IdOf): string {
		return this.read(field, idOf(of));
	}

	deploymentId(): string {
		return this.id(deploymentId, 'deployment');
	}

	pattern(): Pattern {
		return this.take(readPattern(this.read(pattern, text), "name it in the option 'Exclude'"));
	}

	/** Options: absent ones take the value decided here, whatever default the editor showed. */
	optional<T, A>({ name, displayName }: INodeProperties, as: Reading<T>, absent: A): T | A {
		return name in this.options ? this.take(as(this.options[name], displayName)) : absent;
	}

	optionalText(option: INodeProperties): string | undefined {
		return this.optional(option, text, undefined);
	}

	optionalId<A>(option: INodeProperties, of: IdOf, absent: A): string | A {
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

	/** A list of patterns; empty where the option is absent or left empty. */
	optionalPattern(option: INodeProperties): Pattern {
		const list = this.optionalText(option) ?? '';
		return list.trim() === '' ? [] : this.take(readPattern(list, 'enter the id without it'));
	}
}

function idOf(of: IdOf): Reading<string> {
	return (value, label) => {
		const read = text(value, label);
		return read.ok ? exactId(read.value, of) : read;
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
