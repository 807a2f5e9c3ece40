import type { IDataObject } from 'n8n-workflow';

import { settingsOf, vcpusOf, type Settings } from '../../../elasticsearch/deployment/deployment';
import type { SkipReason } from '../../../elasticsearch/deployment/selection';
import type { Deployment } from '../../../elasticsearch/deployment/state';
import type { ApiRequest } from '../../../elasticsearch/transport/connection';
import type { Success } from '../../execution/operation';

/** Why a deployment was left as it is, or why its end is not known. Public codes. */
export type Reason =
	| SkipReason
	| 'as_asked'
	| 'not_deployed'
	| 'unknown_id'
	| 'no_match'
	| 'excluded'
	| 'endpoint_owned'
	| 'nothing_to_restore'
	| 'left_as_it_is'
	| 'model_deleted'
	| 'refused'
	| 'unknown_outcome';

/** What stops working, by ids; null if the key may not read it. */
export interface Breaks {
	pipelines: string[] | null;
	aliases: string[] | null;
	inference_endpoints: string[] | null;
}

const BREAKS_NOTHING: Breaks = { pipelines: [], aliases: [], inference_endpoints: [] };

/** What a dry run would send, and what that would break. */
export interface Plan {
	request?: ApiRequest;
	breaks?: Breaks;
}

/** What became of one deployment, or would become of it in a dry run. */
export interface Change {
	/** Null for a pattern that matches nothing. */
	id: string | null;
	modelId?: string | null;
	action: 'none' | 'start' | 'stop' | 'update';
	reason?: Reason;
	/** Undefined if nobody looked before. */
	before?: Settings;
	/** Undefined if no answer tells it. */
	after?: Settings;
	/** The restore object, or its JSON text. */
	restore?: IDataObject | string;
	/** The cluster's answer as it came; null if there was none. Only of operations that output it. */
	assignment?: IDataObject | null;
	/** Only in a dry run. */
	plan?: Plan;
	warnings?: readonly string[];
	/** Further facts for the option Add Details. */
	facts?: IDataObject;
}

/**
 * The output for a change: ten keys, always all of them and in this order, and behind them what
 * says something. The keys are public names.
 */
export function outputOf(change: Change): Pick<Success, 'json' | 'details'> {
	const { action, reason, before, after, assignment, plan, warnings = [] } = change;
	const json: IDataObject = {
		deployment_id: change.id,
		action,
		changed: action !== 'none' && plan === undefined && reason !== 'unknown_outcome',
		reason: reason ?? null,
		...now(after),
		vcpus_before: before === undefined ? null : vcpusOf(before),
		restore: textOf(change.restore),
		dry_run: plan !== undefined,
	};
	if (assignment !== undefined) json.assignment = assignment;
	if (plan !== undefined) {
		json.request = plan.request === undefined ? null : shownRequest(plan.request);
		json.breaks = { ...(plan.breaks ?? BREAKS_NOTHING) };
	}
	if (warnings.length > 0) json.warnings = [...warnings];
	const details = {
		model_id: change.modelId ?? null,
		before: before ?? null,
		after: after ?? null,
		...change.facts,
	};
	return { json, details };
}

/** The change that leaves a deployment as a look showed it. */
export function unchanged(deployment: Deployment, reason: Reason, dryRun: boolean): Change {
	const { id, modelId } = deployment;
	const now = settingsOf(deployment);
	const plan = dryRun && { plan: {} };
	return { id, modelId, action: 'none', reason, before: now, after: now, ...plan };
}

/** The same output with the deployment as a later look shows it. */
export function asSeen<T extends Success>(done: T, deployment: Deployment): T {
	const after = settingsOf(deployment);
	return {
		...done,
		json: { ...done.json, ...now(after) },
		details: { ...done.details, model_id: deployment.modelId, after },
	};
}

function now(settings: Settings | undefined): IDataObject {
	return {
		state: settings?.state ?? null,
		number_of_allocations: settings?.number_of_allocations ?? null,
		vcpus: settings === undefined ? null : vcpusOf(settings),
	};
}

/** Text, so that it fits a column of a table or a mail. */
function textOf(restore: IDataObject | string | undefined): string | null {
	if (restore === undefined) return null;
	return typeof restore === 'string' ? restore : JSON.stringify(restore);
}

function shownRequest({ method, path, query, body }: ApiRequest): IDataObject {
	const search = new URLSearchParams(query).toString();
	const shown: IDataObject = { method, path: search === '' ? path : `${path}?${search}` };
	if (body !== undefined) shown.body = body;
	return shown;
}
