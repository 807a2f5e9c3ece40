/** What is stored of the memory, read and written. All pure. */

import type { IDataObject } from 'n8n-workflow';

import { exactId } from '../../elasticsearch/deployment/ids';
import { readRestore } from '../../elasticsearch/deployment/parseRestore';
import { isObject, parsed } from '../../elasticsearch/transport/json';

const VERSION = 1;
/** Of what can be started from, and of what this version cannot read; the oldest go first. */
const MOST_STOPPED = 200;
/** Of the clusters and of the dropped ids; the oldest ones go first. */
const MOST_NOTED = 1_000;

export interface Named {
	/** Null only where an entry that cannot be read does not tell it. */
	cluster: string | null;
	id: string;
}

interface Stopped extends Named {
	/** The restore object as JSON text. */
	restore: string;
}

/** What is stored, read; each map is by `keyOf`, oldest first. */
export interface Content {
	isNewer: boolean;
	clusters: Set<string>;
	stopped: Map<string, Stopped>;
	/** What a newer version wrote and this one cannot read: it is carried along as it is. */
	unread: Map<string, Stopped>;
	dropped: Map<string, Named>;
}

/**
 * Reads any JSON value. What is no entry is passed over, so that the entries beside it survive. An
 * entry that another version may read is carried along.
 */
export function contentOf(value: unknown): Content {
	const stored = isObject(value) ? value : {};
	const content: Content = {
		isNewer: typeof stored.version === 'number' && stored.version > VERSION,
		clusters: new Set(),
		stopped: new Map(),
		unread: new Map(),
		dropped: new Map(),
	};
	if (content.isNewer) return content;
	for (const cluster of listOf(stored.clusters)) {
		if (typeof cluster === 'string') content.clusters.add(cluster);
	}
	for (const each of listOf(stored.dropped)) {
		if (!isObject(each)) continue;
		const { cluster, deployment_id: id } = each;
		if (typeof cluster === 'string' && typeof id === 'string') {
			content.clusters.add(cluster);
			setLast(content.dropped, { cluster, id });
		}
	}
	for (const text of listOf(stored.stopped)) {
		const stopped = stoppedIn(text);
		const entry = stopped ?? unreadIn(text);
		if (entry === undefined) continue;
		if (entry.cluster !== null) content.clusters.add(entry.cluster);
		keep(content, entry, stopped === undefined ? 'unread' : 'stopped');
	}
	takeOldest(content.unread, MOST_STOPPED);
	return content;
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

/** The entry in a text; undefined unless it is a restore object that names its cluster. */
function stoppedIn(text: unknown): Stopped | undefined {
	if (typeof text !== 'string') return undefined;
	const read = readRestore(text);
	if (!read.ok || read.value.cluster === null) return undefined;
	return { cluster: read.value.cluster, id: read.value.spec.deploymentId, restore: text };
}

/** An entry that this version cannot read, though it tells its deployment. */
function unreadIn(text: unknown): Stopped | undefined {
	const found = typeof text === 'string' ? parsed(text) : undefined;
	if (!isObject(found)) return undefined;
	const { cluster, deployment_id: id } = found;
	if (typeof id !== 'string' || !exactId(id, 'deployment').ok) return undefined;
	return { cluster: typeof cluster === 'string' ? cluster : null, id, restore: String(text) };
}

/** A whole new object with nothing in it that is shared, because n8n watches assignments only. */
export function storedOf({ clusters, stopped, unread, dropped }: Content): IDataObject {
	return {
		version: VERSION,
		clusters: [...clusters],
		stopped: [...unread.values(), ...stopped.values()].map(({ restore }) => restore),
		dropped: [...dropped.values()].map(({ cluster, id }) => ({ cluster, deployment_id: id })),
	};
}

/**
 * Keeps restore objects in place of older ones for their ids.
 * @returns what is dropped: what no start could read, and the oldest, to make room
 */
export function keepAll(
	content: Content,
	cluster: string,
	restores: readonly IDataObject[],
): Named[] {
	noteCluster(content.clusters, cluster);
	const lost: Named[] = [];
	for (const restore of restores) {
		const stopped = stoppedIn(JSON.stringify({ ...restore, cluster }));
		if (stopped === undefined) lost.push({ cluster, id: String(restore.deployment_id) });
		else keep(content, stopped, 'stopped');
	}
	lost.push(...takeOldest(content.stopped, MOST_STOPPED));
	for (const named of lost) {
		content.stopped.delete(keyOf(named));
		setLast(content.dropped, named);
	}
	takeOldest(content.dropped, MOST_NOTED);
	return lost;
}

/** Forgets all that is kept for the id on the cluster, or without a cluster. */
export function remove({ stopped, unread, dropped }: Content, cluster: string, id: string): void {
	for (const entries of [stopped, unread, dropped]) entries.delete(keyOf({ cluster, id }));
	unread.delete(keyOf({ cluster: null, id }));
}

/** The ids on the cluster that cannot be read, and that no later stop made good. */
export function unreadOn({ stopped, unread }: Content, cluster: string): string[] {
	return [...unread.values()]
		.filter((each) => each.cluster === cluster || each.cluster === null)
		.map(({ id }) => id)
		.filter((id) => !stopped.has(keyOf({ cluster, id })));
}

function keep(content: Content, entry: Stopped, as: 'stopped' | 'unread'): void {
	for (const other of ['stopped', 'unread', 'dropped'] as const) {
		content[other].delete(keyOf(entry));
	}
	setLast(content[as], entry);
}

/** JSON keeps a blank in a cluster's name from making two names one. */
export function keyOf({ cluster, id }: Named): string {
	return JSON.stringify([cluster, id]);
}

function setLast<T extends Named>(entries: Map<string, T>, entry: T): void {
	entries.delete(keyOf(entry));
	entries.set(keyOf(entry), entry);
}

function takeOldest<T>(entries: Map<string, T>, most: number): T[] {
	const oldest = [...entries].slice(0, Math.max(entries.size - most, 0));
	for (const [key] of oldest) entries.delete(key);
	return oldest.map(([, entry]) => entry);
}

/** A cluster that is known keeps its place: a stop must not write only to move it. */
function noteCluster(clusters: Set<string>, cluster: string): void {
	clusters.add(cluster);
	const [oldest] = clusters;
	if (clusters.size > MOST_NOTED) clusters.delete(oldest);
}
