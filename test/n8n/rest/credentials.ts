import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Http } from './http';

export interface CredentialJson {
	id: string;
	name: string;
	type: string;
}

/** What the editor shows after Save. */
export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

export class Credentials {
	constructor(private readonly http: Http) {}

	async create(
		type: string,
		name: string,
		data: ICredentialDataDecryptedObject,
	): Promise<CredentialJson> {
		return await this.http.ask('POST', '/credentials', { type, name, data });
	}

	async update(
		{ id, name, type }: CredentialJson,
		data: ICredentialDataDecryptedObject,
	): Promise<CredentialJson> {
		return await this.http.ask('PATCH', `/credentials/${id}`, { name, type, data });
	}

	/** As a person sees them in the list. */
	async all(): Promise<CredentialJson[]> {
		return await this.http.ask('GET', '/credentials');
	}

	/** With what the editor gets to see of the data. */
	async read(id: string): Promise<CredentialJson & { data: ICredentialDataDecryptedObject }> {
		return await this.http.ask('GET', `/credentials/${id}?includeData=true`);
	}

	/** Tests it as the editor does after Save: what is hidden there is filled in by n8n. */
	async test({ id, name, type }: CredentialJson): Promise<CredentialTest> {
		const { data } = await this.read(id);
		return await this.http.ask('POST', '/credentials/test', {
			credentials: { id, name, type, data },
		});
	}
}
