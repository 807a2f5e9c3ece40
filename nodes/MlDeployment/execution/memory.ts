import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isObject } from '../../elasticsearch/transport/json';
import { KEY, noteWritten } from '../memory/latest';
import {
	contentOf,
	keepAll,
	keyOf,
	remove,
	storedOf,
	unreadOn,
	type Content,
} from '../memory/stored';

/** What a workflow remembers of the deployments it stopped; n8n's static data keeps it. */
export interface Memory {
	/** Whether what is stored is not for this version to read, so that it is left as it is. */
	readonly isNewer: boolean;
	/** Why later runs will not find what this one keeps; undefined if n8n saves it. */
	readonly unsaved: Unsaved | undefined;
	/** The JSON text of the restore object of what was stopped under this id on the cluster. */
	recall(cluster: string, id: string): string | undefined;
	/** All that is remembered for the cluster, oldest first. */
	stoppedOn(cluster: string): Array<{ id: string; restore: string }>;
	/** Ids whose restore object was dropped, because the memory was full. */
	droppedOn(cluster: string): string[];
	/** Ids whose restore object this version cannot read, and carries along. */
	unreadOn(cluster: string): string[];
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

/**
 * How a run began, where later runs may not find what it keeps: n8n saves no static data of a run
 * by hand, loads none into a retry with the original workflow, and none into a new run on a worker.
 */
type Began = 'by_hand' | 'retry' | 'worker';

/** Why later runs will not find what is kept. What a newer version wrote is left as it is. */
export type Unsaved = Began | 'newer';

/** Where the memory of an execution is kept. */
export interface Places {
	/** The workflow's global static data; it is changed only where something is new. */
	staticData: IDataObject;
	/** The execution's own context: n8n stores it with the run, so that it outlives a wait. */
	flow: IDataObject;
	began?: Began;
	/** The workflow, if n8n saves what this run writes. */
	savedFor?: string;
}

/** The places that n8n gives to a run. */
export function placesOf(host: IExecuteFunctions): Places {
	const began = beganOf(host);
	return {
		staticData: host.getWorkflowStaticData('global'),
		flow: host.getContext('flow'),
		began,
		// A retry writes static data only where n8n loaded it, and then n8n saves it too.
		savedFor: began === undefined || began === 'retry' ? host.getWorkflow().id : undefined,
	};
}

function beganOf(host: IExecuteFunctions): Began | undefined {
	const mode = host.getMode();
	if (mode === 'manual') return 'by_hand';
	if (mode === 'retry') return 'retry';
	// A worker loads the static data of a sub-workflow, as everybody does.
	return isOnWorker(host) && mode !== 'integrated' ? 'worker' : undefined;
}

/** n8n tells a node by no method where it runs, so this is false if its own field ever goes. */
function isOnWorker(host: IExecuteFunctions & { instanceSettings?: unknown }): boolean {
	const { instanceSettings } = host;
	return isObject(instanceSettings) && instanceSettings.instanceType === 'worker';
}

/**
 * Opens the memory. n8n starts some runs without the static data that it has: on a worker, after a
 * wait, and in a retry. So what static data holds is the memory; where it holds nothing, it is the
 * copy that this execution made. To write static data then replaces all that n8n has.
 */
export function openMemory({ staticData, flow, began, savedFor }: Places): Memory {
	const inStaticData = (): unknown =>
		isObject(staticData) ? staticData[KEY] : { version: Infinity };
	const isSaved = began !== 'by_hand' && inStaticData() !== undefined;
	/** Whether to write static data too; if it is not loaded, only a new stop is worth what is lost. */
	const mayWrite = (isNewStop: boolean): boolean => {
		if (inStaticData() !== undefined) return true;
		if (began === 'retry') return false;
		return isNewStop || (began !== 'worker' && flow[KEY] === undefined);
	};
	let seen: unknown;
	let content: Content | undefined;

	/** Another tool of the same agent may have written since: then it is read again. */
	const read = (): Content => {
		const stored = inStaticData() ?? flow[KEY];
		if (content === undefined || stored !== seen) content = contentOf(stored);
		seen = stored;
		return content;
	};

	/** n8n saves static data if something was assigned to it, so an edit without effect is none. */
	const change = (edit: (content: Content) => void, isNewStop = false): void => {
		const current = read();
		if (current.isNewer) return;
		const before = JSON.stringify(storedOf(current));
		edit(current);
		const after = storedOf(current);
		if (JSON.stringify(after) === before) return;
		if (mayWrite(isNewStop)) {
			staticData[KEY] = after;
			noteWritten(savedFor, after);
		}
		flow[KEY] = after;
		seen = after;
	};

	const remember: Memory['remember'] = (cluster, restores) => {
		let lost: string[] | undefined;
		change((current) => {
			lost = keepAll(current, cluster, restores).map(({ id }) => id);
		}, restores.length > 0);
		return lost;
	};

	return {
		get isNewer() {
			return read().isNewer;
		},
		get unsaved() {
			return read().isNewer ? 'newer' : isSaved ? undefined : began;
		},
		recall: (cluster, id) => read().stopped.get(keyOf({ cluster, id }))?.restore,
		stoppedOn: (cluster) =>
			[...read().stopped.values()]
				.filter((each) => each.cluster === cluster)
				.map(({ id, restore }) => ({ id, restore })),
		droppedOn: (cluster) =>
			[...read().dropped.values()].filter((each) => each.cluster === cluster).map(({ id }) => id),
		unreadOn: (cluster) => unreadOn(read(), cluster),
		knows: (cluster) => read().clusters.has(cluster),
		isKnownElsewhere: (cluster, isMeant) =>
			[...read().stopped.values()].some((each) => isMeant(each.id) && each.cluster !== cluster),
		remember,
		visit: (cluster) => void remember(cluster, []),
		forget: (cluster, id) => change((current) => remove(current, cluster, id)),
	};
}
