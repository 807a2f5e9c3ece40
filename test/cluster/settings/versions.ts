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
	updateGuardsLowPriority: boolean;
	unknownModelTail: boolean;
	scaleToZeroMs: number;
	queueCapacity: number;
	startTimeoutMs: number;
	basicRealm: string;
	malformedJsonType: string;
}

const NUMBERS: Record<ClusterVersion, string> = {
	'8.6': '8.6.2',
	'8.12': '8.12.2',
	'8.16': '8.16.6',
	'9.0': '9.0.4',
	'9.2': '9.2.4',
	serverless: '8.11.0',
};

const ORDER: ClusterVersion[] = ['8.6', '8.12', '8.16', '9.0', '9.2', 'serverless'];

const MINUTES = 60_000;

/** The switches of a version. */
export function featuresOf(version: ClusterVersion): Features {
	const since = (first: ClusterVersion): boolean => ORDER.indexOf(version) >= ORDER.indexOf(first);
	return {
		version,
		number: NUMBERS[version],
		major: since('9.0') ? 9 : 8,
		serverless: version === 'serverless',
		deploymentIds: since('8.12'),
		finishPendingWork: since('8.12'),
		memoryFields: since('8.12'),
		updateByQuery: since('8.16'),
		adaptive: since('8.16'),
		inferenceApi: since('8.12'),
		inferenceEndpoints: since('8.16'),
		inferenceUpdate: since('9.0'),
		inferencePrivileges: since('8.16'),
		stopGuardsEndpoints: since('9.0'),
		updateGuardsEndpoints: since('9.2'),
		updateGuardsLowPriority: since('9.2'),
		unknownModelTail: since('8.16'),
		scaleToZeroMs: since('9.2') ? 24 * 60 * MINUTES : 15 * MINUTES,
		queueCapacity: since('8.16') ? 10_000 : 1024,
		startTimeoutMs: since('8.16') ? 30_000 : 20_000,
		basicRealm: since('9.0')
			? 'Basic realm="security", charset="UTF-8"'
			: 'Basic realm="security" charset="UTF-8"',
		malformedJsonType: since('8.12') ? 'x_content_parse_exception' : 'json_parse_exception',
	};
}
