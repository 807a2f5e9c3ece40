import type { IDataObject } from 'n8n-workflow';

import { readAdaptive } from '../deployment/allocations';
import type { Settings } from '../deployment/deployment';
import type { StartSpec } from '../deployment/startSpec';
import { isObject, numberOr, textOr } from '../transport/json';
import {
	readRequest,
	type ApiRequest,
	type Connection,
	type ConnectionSettings,
} from '../transport/connection';
import { pathSegment } from '../deployment/ids';
import { notElasticsearch, success, type Purpose, type Result } from '../transport/failure';
import { isHollow, readPages, type Paged } from './pages';
import { isAbsent } from './refusals';
import { readAssignment, readStatsPage } from './stats';
import type { Deployment, Lookup, StatsEntry } from '../deployment/state';

const MODELS = '/_ml/trained_models';
/** Models on one page. Most clusters fit on one page, which is then one consistent look. */
const PAGE_SIZE = 1_000;

/** A path below one model or deployment. Throws as `segmentOf` does. */
export function modelPath(id: string, rest: string): string {
	return modelsPath([id], rest);
}

/** The ids are encoded one by one, because only plain commas separate them. */
function modelsPath(ids: string[], rest: string): string {
	return `${MODELS}/${ids.map(segmentOf).join(',')}${rest}`;
}

/**
 * An id as one segment of a path. Ids are checked when fields are read; should a slip of ours get
 * past that, this throws rather than form another path.
 */
export function segmentOf(id: string): string {
	const segment = pathSegment(id);
	if (!segment.ok) throw new TypeError(`'${id}' cannot be an id`);
	return segment.value;
}

const STATS: Paged<StatsEntry> = {
	path: `${MODELS}/_stats`,
	size: PAGE_SIZE,
	readPage: readStatsPage,
	keyOf: ({ modelId, deployment }) => JSON.stringify([modelId, deployment?.id]),
};

/** If models come and go all the time, the union of the last pages has to do. */
const MOST_TRIES = 5;

/**
 * Every entry of `_stats`, over all pages.
 * If a model is deleted between two pages, the rest moves up by one, which would hide a
 * deployment: when the number of models changes on the way, everything is read again.
 */
export async function listStats(
	connection: Connection,
	settings?: Partial<ConnectionSettings>,
): Promise<Result<StatsEntry[]>> {
	for (let tries = 1; ; tries++) {
		const listed = await readPages(connection, STATS, settings);
		if (!listed.ok) return listed;
		if (listed.value.isWhole || tries === MOST_TRIES) return success(listed.value.entries);
	}
}

/** Proxies refuse a request line longer than 4 to 8 kB. */
const LONGEST_PATH = 3_500;
/** An id names few models (a model, an alias, a deployment), so so many ids fit on one page. */
const MOST_IDS = 300;

/**
 * The deployments among these ids that exist, in no certain order. The cost depends on the number
 * of ids, not on how many models the cluster has. One id that names nothing makes the whole list
 * a 404 (docs/elasticsearch-behaviour.md, "Stats: addressing and paging"),
 * so each id is then looked up by itself.
 */
export async function statsOf(
	connection: Connection,
	ids: string[],
	settings?: Partial<ConnectionSettings>,
): Promise<Result<Deployment[]>> {
	const found: Deployment[] = [];
	for (const part of parts(ids)) {
		const some = await statsOfPart(connection, part, settings);
		if (!some.ok) return some;
		found.push(...some.value);
	}
	return success(found);
}

async function statsOfPart(
	connection: Connection,
	ids: string[],
	settings?: Partial<ConnectionSettings>,
): Promise<Result<Deployment[]>> {
	const path = modelsPath(ids, '/_stats');
	const query = { size: String(PAGE_SIZE) };
	const answer = await connection.send(readRequest(path, query), settings);
	if (!answer.ok && isAbsent(answer.failure)) {
		return ids.length === 1 ? success([]) : await lookUpEach(connection, ids, settings);
	}
	if (!answer.ok) return answer;
	const page = readStatsPage(answer.value);
	if (page === undefined || isHollow(page)) return notElasticsearch('read');
	const deployments = page.entries.flatMap((entry) => entry.deployment ?? []);
	return success(deployments.filter(({ id }) => ids.includes(id)));
}

async function lookUpEach(
	connection: Connection,
	ids: string[],
	settings?: Partial<ConnectionSettings>,
): Promise<Result<Deployment[]>> {
	const found: Deployment[] = [];
	for (const id of ids) {
		const look = await lookUp(connection, id, settings);
		if (!look.ok) return look;
		if (look.value.found === 'deployment') found.push(look.value.deployment);
	}
	return success(found);
}

/** Groups the ids so that the path of each group is short enough. */
function parts(ids: string[]): string[][] {
	const groups: string[][] = [];
	for (const id of ids) {
		const last = groups[groups.length - 1];
		const joined = last === undefined ? undefined : modelsPath([...last, id], '/_stats');
		const fits = joined !== undefined && joined.length <= LONGEST_PATH && last.length < MOST_IDS;
		if (fits) last.push(id);
		else groups.push([id]);
	}
	return groups;
}

/**
 * Looks one id up. `_stats` takes model ids, aliases and deployment ids, but `_update` and `_stop`
 * take deployment ids only, so the answer is searched for exactly this deployment id.
 */
export async function lookUp(
	connection: Connection,
	id: string,
	settings?: Partial<ConnectionSettings>,
): Promise<Result<Lookup>> {
	const path = modelPath(id, '/_stats');
	const answer = await connection.send(readRequest(path), settings);
	if (!answer.ok) return isAbsent(answer.failure) ? success({ found: 'nothing' }) : answer;
	const page = readStatsPage(answer.value);
	if (page === undefined || isHollow(page)) return notElasticsearch('read');
	return success(pick(page.entries, id));
}

function pick(entries: StatsEntry[], id: string): Lookup {
	const deployments = entries.flatMap((entry) => entry.deployment ?? []);
	const deployment = deployments.find((each) => each.id === id);
	if (deployment !== undefined) return { found: 'deployment', deployment };
	const first = entries[0];
	if (first === undefined) return { found: 'nothing' };
	if (deployments.length === 0 && first.modelId === id) {
		return { found: 'not_deployed', modelId: id, entry: first };
	}
	const deploymentIds = deployments.map((each) => each.id);
	return { found: 'other_ids', modelId: first.modelId, deploymentIds };
}

/**
 * All settings go in the body, because Elasticsearch does not read it if the number is in the query
 * (docs/elasticsearch-behaviour.md, "Update: parameters").
 */
export function updateRequest(id: string, settings: IDataObject): ApiRequest {
	const path = modelPath(id, '/deployment/_update');
	return { method: 'POST', purpose: 'update', changes: true, path, body: settings, repeat: 'safe' };
}

/**
 * Changes a deployment.
 * @param purpose of the whole change: a start can end in an update
 * @returns the assignment as the cluster gave it
 */
export async function updateDeployment(
	connection: Connection,
	id: string,
	settings: IDataObject,
	purpose: Purpose = 'update',
): Promise<Result<IDataObject>> {
	const answer = await connection.send({ ...updateRequest(id, settings), purpose });
	if (!answer.ok) return answer;
	const assignment = readAssignment(answer.value);
	return assignment === undefined ? notElasticsearch(purpose) : success(assignment);
}

/**
 * A start with `wait_for=starting`. The node waits itself, because proxies cut a longer request,
 * and a repeated one meets "existing deployment with the same id" (elastic/elasticsearch issue
 * 109407). Adaptive settings can go in the body only (docs/elasticsearch-behaviour.md, "Start").
 */
export function startRequest(spec: StartSpec): ApiRequest {
	const query: Record<string, string> = { wait_for: 'starting' };
	// Before 8.8 there is no such parameter, and a deployment has the id of its model.
	if (spec.deploymentId !== spec.modelId) query.deployment_id = spec.deploymentId;
	const numbers = {
		number_of_allocations: spec.numberOfAllocations,
		threads_per_allocation: spec.threadsPerAllocation,
		queue_capacity: spec.queueCapacity,
		priority: spec.priority,
		cache_size: spec.cacheSize,
	};
	for (const [key, value] of Object.entries(numbers)) {
		if (value !== undefined) query[key] = String(value);
	}
	const path = modelPath(spec.modelId, '/deployment/_start');
	const body = spec.adaptive && { adaptive_allocations: { ...spec.adaptive } as IDataObject };
	return { method: 'POST', purpose: 'start', changes: true, path, query, body, repeat: 'unsent' };
}

export interface StopSettings {
	force: boolean;
	/** It needs Elasticsearch 8.11. */
	finishPendingWork: boolean;
}

/**
 * All parameters go in the query, because Elasticsearch does not read it if there is a body
 * (docs/elasticsearch-behaviour.md, "Stop: parameters").
 * `allow_no_match` is always false, because the cluster's default answers `{"stopped": true}` to a
 * typo. `finish_pending_work` is sent only if asked for, because before 8.11 it is a 400.
 */
export function stopRequest(id: string, settings: StopSettings): ApiRequest {
	const query: Record<string, string> = { allow_no_match: 'false' };
	if (settings.force) query.force = 'true';
	if (settings.finishPendingWork) query.finish_pending_work = 'true';
	const path = modelPath(id, '/deployment/_stop');
	return { method: 'POST', purpose: 'stop', changes: true, path, query, repeat: 'never' };
}

/** The settings in an assignment, the answer to `_start` and `_update`. */
export function settingsOfAssignment(assignment: IDataObject): Settings {
	const parameters = isObject(assignment.task_parameters) ? assignment.task_parameters : {};
	const adaptive = readAdaptive(assignment.adaptive_allocations);
	return {
		state: textOr(assignment.assignment_state, 'starting'),
		number_of_allocations: numberOr(parameters.number_of_allocations, 0),
		threads_per_allocation: numberOr(parameters.threads_per_allocation, 1),
		adaptive_allocations: adaptive === null ? null : { ...adaptive },
	};
}
