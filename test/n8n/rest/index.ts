import { Credentials } from './credentials';
import { DataTables } from './dataTables';
import { Executions } from './executions';
import { Http, RestError } from './http';
import { NodeTypes } from './nodeTypes';
import { Workflows } from './workflows';

export { RestError } from './http';
export type { CredentialTest, CredentialJson } from './credentials';
export { Execution, type RunStatus } from './execution';
export type { ListEntry } from './nodeTypes';
export type { SavedWorkflow, WorkflowJson } from './workflows';

export interface Account {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

/** n8n's internal API, the one that the editor uses. */
export class Rest {
	readonly http: Http;
	readonly credentials: Credentials;
	readonly dataTables: DataTables;
	readonly executions: Executions;
	readonly nodeTypes: NodeTypes;
	readonly workflows: Workflows;

	/** @param session of an earlier login */
	constructor(url: string, session?: string) {
		this.http = new Http(url, session);
		this.credentials = new Credentials(this.http);
		this.dataTables = new DataTables(this.http);
		this.executions = new Executions(this.http);
		this.nodeTypes = new NodeTypes(this.http);
		this.workflows = new Workflows(this.http, this.executions);
	}

	/** Logs in; makes the account first where the instance has no owner. */
	async enter(account: Account): Promise<void> {
		const { email, password } = account;
		await this.http
			.ask('POST', '/login', { emailOrLdapLoginId: email, password })
			.catch(async (error: unknown) => {
				if (!(error instanceof RestError) || error.status !== 401) throw error;
				await this.http.ask('POST', '/owner/setup', account);
			});
	}
}
