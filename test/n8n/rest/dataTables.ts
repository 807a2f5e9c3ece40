import type { IDataObject } from 'n8n-workflow';

import type { Http } from './http';

export interface DataTable {
	id: string;
	name: string;
	projectId: string;
}

/** Data Tables of the owner's personal project. */
export class DataTables {
	constructor(private readonly http: Http) {}

	async create(name: string, columns: string[]): Promise<DataTable> {
		const projectId = await this.project();
		const { id } = await this.http.ask<{ id: string }>(
			'POST',
			`/projects/${projectId}/data-tables`,
			{
				name,
				columns: columns.map((column) => ({ name: column, type: 'string' })),
			},
		);
		return { id, name, projectId };
	}

	async all(): Promise<DataTable[]> {
		const projectId = await this.project();
		const { data } = await this.http.ask<{ data: DataTable[] }>(
			'GET',
			`/projects/${projectId}/data-tables`,
		);
		return data;
	}

	async rows({ id, projectId }: DataTable): Promise<IDataObject[]> {
		const { data } = await this.http.ask<{ data: IDataObject[] }>(
			'GET',
			`/projects/${projectId}/data-tables/${id}/rows`,
		);
		return data;
	}

	private async project(): Promise<string> {
		return (await this.http.ask<{ id: string }>('GET', '/projects/personal')).id;
	}
}
