import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import { exactId } from '../../elasticsearch/deployment/ids';
import { readPattern, type Pattern } from '../../elasticsearch/deployment/pattern';
import {
	DEFAULT_SETTINGS,
	type ConnectionSettings,
} from '../../elasticsearch/transport/connection';
import type { Checked } from '../../elasticsearch/transport/failure';
import { minutes, oneOf, text, trueOrFalse, wholeNumber } from './values';

/** The fields of one item, checked. Every reader throws a NodeOperationError with the item's index. */
export class ItemInput {
	readonly options: IDataObject;

	constructor(
		private readonly host: IExecuteFunctions,
		readonly index: number,
	) {
		this.options = host.getNodeParameter('options', index, {}) as IDataObject;
	}

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

	field(name: string): unknown {
		return this.host.getNodeParameter(name, this.index, undefined, { extractValue: true });
	}

	number(name: string, label: string, min: number): number {
		return this.take(wholeNumber(this.field(name), label, min));
	}

	flag(name: string, label: string): boolean {
		const value = this.host.getNodeParameter(name, this.index, false);
		return this.take(trueOrFalse(value, label));
	}

	choice<T extends string>(name: string, label: string, allowed: readonly T[]): T {
		return this.take(oneOf(this.field(name), label, allowed));
	}

	deploymentId(): string {
		return this.take(
			exactId(this.take(text(this.field('deploymentId'), 'Deployment')), 'deployment'),
		);
	}

	pattern(): Pattern {
		const pattern = this.take(text(this.field('pattern'), 'Pattern'));
		return this.take(readPattern(pattern, "name it in the option 'Exclude'"));
	}

	/** Options: absent ones take the value decided here, whatever default the editor showed. */
	optionalFlag(name: string, label: string, absent: boolean): boolean {
		return name in this.options ? this.take(trueOrFalse(this.options[name], label)) : absent;
	}

	optionalMinutes(name: string, label: string): number | undefined {
		return name in this.options ? this.take(minutes(this.options[name], label)) : undefined;
	}

	optionalNumber(name: string, label: string, min: number, absent: number): number {
		return name in this.options ? this.take(wholeNumber(this.options[name], label, min)) : absent;
	}

	optionalChoice<T extends string, A>(
		name: string,
		label: string,
		allowed: readonly T[],
		absent: A,
	): T | A {
		return name in this.options ? this.take(oneOf(this.options[name], label, allowed)) : absent;
	}

	requestSettings(): ConnectionSettings {
		const { timeoutMs, retries } = DEFAULT_SETTINGS;
		return {
			timeoutMs:
				this.optionalNumber('requestTimeout', 'Request Timeout (Seconds)', 1, timeoutMs / 1000) *
				1000,
			retries: this.optionalNumber('retries', 'Retries', 0, retries),
		};
	}

	/** A list of patterns; empty where the option is absent or left empty. */
	optionalPattern(name: string, label: string): Pattern {
		if (!(name in this.options)) return [];
		const list = this.take(text(this.options[name], label));
		return list.trim() === '' ? [] : this.take(readPattern(list, 'enter the id without it'));
	}
}
