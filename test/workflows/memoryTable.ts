import type { IDataObject } from 'n8n-workflow';

import type { Stub } from '../engine/harness';
import { withServerPart } from './serverPart';

interface Filter {
	type: 'and' | 'or';
	filters: Array<{ columnName: string; condition: string; value: unknown }>;
}

/**
 * A data table in memory. n8n's own Data Table node works on it, so that its fields are read as on
 * a server; only the database behind it is missing.
 */
export class MemoryTable {
	rows: IDataObject[] = [];

	private ids = 0;

	constructor(private readonly columns: string[]) {}

	/** Stands in for every node that uses this table. */
	stub: Stub = withServerPart(({ helpers }) => ({
		helpers: { ...helpers, getDataTableProxy: async () => this.proxy() },
	}));

	private proxy() {
		return {
			getColumns: async () => this.columns.map((name) => ({ name, type: 'string' })),
			getManyRowsAndCount: async ({ filter }: { filter: Filter }) => {
				const data = this.matching(filter);
				return { data, count: data.length };
			},
			upsertRow: async ({ data, filter }: { data: IDataObject; filter: Filter }) =>
				this.upsert(data, this.matching(filter)),
			deleteRows: async ({ filter }: { filter: Filter }) => {
				const gone = this.matching(filter);
				this.rows = this.rows.filter((row) => !gone.includes(row));
				return gone;
			},
		};
	}

	private upsert(data: IDataObject, found: IDataObject[]): IDataObject[] {
		const unknown = Object.keys(data).find((key) => !this.columns.includes(key));
		if (unknown !== undefined) throw new Error(`unknown column name '${unknown}'`);
		if (found.length > 0) return found.map((row) => Object.assign(row, data));
		const row = { id: ++this.ids, ...data };
		this.rows.push(row);
		return [row];
	}

	private matching({ type, filters }: Filter): IDataObject[] {
		const fits = (
			row: IDataObject,
			{ columnName, condition, value }: Filter['filters'][number],
		) => {
			if (condition !== 'eq') throw new Error(`This table cannot compare with '${condition}'`);
			return row[columnName] === value;
		};
		return this.rows.filter((row) =>
			filters.length === 0
				? true
				: type === 'and'
					? filters.every((filter) => fits(row, filter))
					: filters.some((filter) => fits(row, filter)),
		);
	}
}
