import type { ClusterVersion } from '../types';

/** What differs between versions (docs/elasticsearch-behaviour.md, "Versions" and "Update: the answer"). */
export interface Features {
	version: ClusterVersion;
	/** As `GET /` tells it. */
	number: string;
	major: 8 | 9;
	serverless: boolean;
	deploymentIds: boolean;
	finishPendingWork: boolean;
	memoryFields: boolean;
	updateByQuery: boolean;
	adaptive: boolean;
	inferenceApi: boolean;
	/** The inference API finds endpoints by their id alone, lists them without `_all`, and calls them endpoints. */
	inferenceEndpoints: boolean;
	inferenceUpdate: boolean;
	/** `manage_inference` grants start and stop. */
	inferencePrivileges: boolean;
	stopGuardsEndpoints: boolean;
	updateGuardsEndpoints: boolean;
	/** `_update` refuses more than one allocation with low priority. */
	updateGuardsLowPriority: boolean;
	/** Start and update refuse `max_number_of_allocations` above 1 with low priority. */
	guardsLowPriorityRange: boolean;
	unknownModelTail: boolean;
	/** A shortage at start hints at a setting. */
	noRoomHint: boolean;
	/** A start whose nodes never get the resources ends with 409; before, 500. */
	exhaustionConflicts: boolean;
	/** Starting a deployment leaves those at zero alone. */
	keepsZeroAtStart: boolean;
	/** The shutdown of an ML node leaves deployments at zero alone. */
	keepsZeroAtShutdown: boolean;
	/** Who waits for a waking deployment is found by the deployment's id, whatever id was asked for. */
	waitsByDeployment: boolean;
	/** Who waits for a waking deployment gives up after 10 s without a `timeout` of its own. */
	waitsBounded: boolean;
	/** Inference on a deployment that a user stopped gives 409. */
	stoppedConflicts: boolean;
	/** What a timeout of the inference API answers. */
	inferenceTimeout: 408 | 504 | 429;
	/** `_inference/…/_update` knows `timeout`. */
	inferenceUpdateTimeout: boolean;
	/** `ingest.pipelines` counts bytes. */
	pipelineBytes: boolean;
	/** A node tells the memory of its process. */
	processMemory: boolean;
	/** `_authenticate` says who manages an API key. */
	managedKeys: boolean;
	scaleToZeroMs: number;
	queueCapacity: number;
	startTimeoutMs: number;
	basicRealm: string;
	malformedJsonType: string;
}

/** The profiles, oldest first; each stands for one patch of its line. */
export const VERSIONS = [
	'8.6',
	'8.12',
	'8.16',
	'8.19',
	'9.0',
	'9.2',
	'9.5',
	'serverless',
] as const satisfies readonly ClusterVersion[];

const NUMBERS: Record<ClusterVersion, string> = {
	'8.6': '8.6.2',
	'8.12': '8.12.2',
	'8.16': '8.16.6',
	'8.19': '8.19.23',
	'9.0': '9.0.8',
	'9.2': '9.2.8',
	'9.5': '9.5.5',
	// What Serverless answers is of its own; it behaves as the newest version.
	serverless: '8.11.0',
};

const MINUTES = 60_000;

/** The switches of a version. */
export function featuresOf(version: ClusterVersion): Features {
	const since = (...firsts: string[]): boolean =>
		version === 'serverless' || hasReached(NUMBERS[version], firsts);
	return {
		version,
		number: NUMBERS[version],
		major: since('9.0.0') ? 9 : 8,
		serverless: version === 'serverless',
		deploymentIds: since('8.8.0'),
		finishPendingWork: since('8.11.0'),
		memoryFields: since('8.11.0'),
		updateByQuery: since('8.15.0'),
		adaptive: since('8.16.0'),
		inferenceApi: since('8.11.0'),
		inferenceEndpoints: since('8.15.0'),
		inferenceUpdate: since('8.17.0'),
		inferencePrivileges: since('8.14.0'),
		stopGuardsEndpoints: since('8.18.4', '8.19.0', '9.0.4'),
		updateGuardsEndpoints: since('9.2.0'),
		updateGuardsLowPriority: since('8.19.10', '9.2.4', '9.3.0'),
		guardsLowPriorityRange: since('8.19.11', '9.2.5', '9.3.0'),
		unknownModelTail: since('8.13.0'),
		noRoomHint: since('9.4.0'),
		exhaustionConflicts: since('8.19.22', '9.4.7', '9.5.4'),
		keepsZeroAtStart: since('9.3.0'),
		keepsZeroAtShutdown: since('9.3.5', '9.4.0'),
		waitsByDeployment: since('8.19.20', '9.5.0'),
		waitsBounded: since('8.19.22', '9.4.7', '9.5.4'),
		stoppedConflicts: since('8.19.0', '9.1.0'),
		inferenceTimeout: since('9.5.0') ? 429 : since('9.4.0') ? 504 : 408,
		inferenceUpdateTimeout: since('9.5.0'),
		pipelineBytes: since('8.15.0'),
		processMemory: since('9.4.0'),
		managedKeys: since('9.1.0'),
		scaleToZeroMs: since('9.1.0') ? 24 * 60 * MINUTES : 15 * MINUTES,
		queueCapacity: since('8.15.0') ? 10_000 : 1024,
		startTimeoutMs: since('8.15.0') ? 30_000 : 20_000,
		basicRealm: since('8.17.0')
			? 'Basic realm="security", charset="UTF-8"'
			: 'Basic realm="security" charset="UTF-8"',
		malformedJsonType: since('8.9.0') ? 'x_content_parse_exception' : 'json_parse_exception',
	};
}

/**
 * Whether a version has what came with these first versions, one for each line that got it.
 * A line that isn't named has it where it is newer than all of them.
 */
export function hasReached(version: string, firsts: readonly string[]): boolean {
	const [major, minor, patch] = numbersOf(version);
	const ofLine = firsts.map(numbersOf).find((first) => first[0] === major && first[1] === minor);
	if (ofLine) return patch >= ofLine[2];
	return firsts
		.map(numbersOf)
		.every((first) => major > first[0] || (major === first[0] && minor > first[1]));
}

function numbersOf(version: string): number[] {
	return version.split('.').map(Number);
}
