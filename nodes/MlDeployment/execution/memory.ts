import type { IDataObject } from 'n8n-workflow';

import { readRestore } from '../../elasticsearch/deployment/parseRestore';
import { isObject } from '../../elasticsearch/transport/json';

/** What a workflow remembers of the deployments it stopped; n8n's static data keeps it. */
export interface Memory {
	/** Whether what is stored is not for this version to read, so that it is left as it is. */
	readonly isNewer: boolean;
	/** The JSON text of the restore object of what was stopped under this id on the cluster. */
	recall(cluster: string, id: string): string | undefined;
	/** All that is remembered for the cluster, oldest first. */
	stoppedOn(cluster: string): Array<{ id: string; restore: string }>;
	/** Ids whose restore object was dropped, because the memory was full. */
	droppedOn(cluster: string): string[];
	/** Whether anything was ever kept for the cluster: if so, "nothing" means "all started again". */
	knows(cluster: string): boolean;
	/** Whether such an id is remembered for another cluster, or for another address of this one. */
	isKnownElsewhere(cluster: string, isMeant: (id: string) => boolean): boolean;
	/**
	 * Keeps restore objects, the last one for each id.
	 * @returns the ids that were dropped to make room; undefined if nothing could be kept
	 */
	remember(cluster: string, restores: readonly IDataObject[]): string[] | undefined;
	/** Makes the cluster known without an entry: a stop found nothing to stop. */
	visit(cluster: string): void;
	forget(cluster: string, id: string): void;
}

const KEY = 'mlDeployments';
const VERSION = 1;
const MOST_STOPPED = 200;
/** Of the clusters and of the dropped ids; the oldest ones go first. */
const MOST_NOTED = 1_000;

interface Named {
	cluster: string;
	id: string;
}

interface Stopped extends Named {
	/** The restore object as JSON text. */
	restore: string;
}

/** What is stored, read; each map is by `keyOf`, oldest first. */
interface Content {
	isNewer: boolean;
	clusters: Set<string>;
	stopped: Map<string, Stopped>;
	dropped: Map<string, Named>;
}

/** @param staticData the workflow's global static data; it is changed only where something is new */
export function openMemory(staticData: IDataObject): Memory {
	let seen: unknown;
	let content: Content | undefined;

	/** Another tool of the same agent may have written since: then it is read again. */
	const read = (): Content => {
		const stored: unknown = isObject(staticData) ? staticData[KEY] : { version: Infinity };
		if (content === undefined || stored !== seen) content = contentOf(stored);
		seen = stored;
		return content;
	};

	/** n8n saves static data if something was assigned to it, so an edit without effect is none. */
	const change = (edit: (content: Content) => void): void => {
		const current = read();
		if (current.isNewer) return;
		const before = JSON.stringify(storedOf(current));
		edit(current);
		const after = storedOf(current);
		if (JSON.stringify(after) === before) return;
		staticData[KEY] = after;
		seen = after;
	};

	const remember: Memory['remember'] = (cluster, restores) => {
		const lost: Named[] = [];
		change((current) => {
			noteCluster(current.clusters, cluster);
			for (const restore of restores) {
				const stopped = stoppedIn(JSON.stringify({ ...restore, cluster }));
				if (stopped === undefined) lost.push({ cluster, id: String(restore.deployment_id) });
				else keep(current, stopped);
			}
			lost.push(...takeOldest(current.stopped, MOST_STOPPED));
			for (const named of lost) {
				current.stopped.delete(keyOf(named));
				setLast(current.dropped, named);
			}
			takeOldest(current.dropped, MOST_NOTED);
		});
		return read().isNewer ? undefined : lost.map(({ id }) => id);
	};

	return {
		get isNewer() {
			return read().isNewer;
		},
		recall: (cluster, id) => read().stopped.get(keyOf({ cluster, id }))?.restore,
		stoppedOn: (cluster) =>
			[...read().stopped.values()]
				.filter((each) => each.cluster === cluster)
				.map(({ id, restore }) => ({ id, restore })),
		droppedOn: (cluster) =>
			[...read().dropped.values()].filter((each) => each.cluster === cluster).map(({ id }) => id),
		knows: (cluster) => read().clusters.has(cluster),
		isKnownElsewhere: (cluster, isMeant) =>
			[...read().stopped.values()].some((each) => isMeant(each.id) && each.cluster !== cluster),
		remember,
		visit: (cluster) => void remember(cluster, []),
		forget: (cluster, id) =>
			change(({ stopped, dropped }) => {
				stopped.delete(keyOf({ cluster, id }));
				dropped.delete(keyOf({ cluster, id }));
			}),
	};
}

/** Reads any JSON value. What is no entry is passed over, so that the entries beside it survive. */
function contentOf(value: unknown): Content {
	const stored = isObject(value) ? value : {};
	const content: Content = {
		isNewer: typeof stored.version === 'number' && stored.version > VERSION,
		clusters: new Set(),
		stopped: new Map(),
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
		if (stopped === undefined) continue;
		content.clusters.add(stopped.cluster);
		keep(content, stopped);
	}
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

/** A whole new object with nothing in it that is shared, because n8n watches assignments only. */
function storedOf({ clusters, stopped, dropped }: Content): IDataObject {
	return {
		version: VERSION,
		clusters: [...clusters],
		stopped: [...stopped.values()].map(({ restore }) => restore),
		dropped: [...dropped.values()].map(({ cluster, id }) => ({ cluster, deployment_id: id })),
	};
}

function keep({ stopped, dropped }: Content, entry: Stopped): void {
	dropped.delete(keyOf(entry));
	setLast(stopped, entry);
}

/** JSON keeps a blank in a cluster's name from making two names one. */
function keyOf({ cluster, id }: Named): string {
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
