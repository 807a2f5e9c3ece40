import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';

/** The node that most tests are about. */
export const DEFAULT_NODE_TYPE = 'n8n-nodes-elasticsearch-ml.mlDeployment';

/** The version that a node gets when a user adds it today. */
export function latestVersion({ description: { version, defaultVersion } }: INodeType): number {
	return defaultVersion ?? (Array.isArray(version) ? version[version.length - 1] : version);
}

/** Whether a node begins executions: such a node passes its data on and is not executed. */
export function isTrigger({ trigger, poll, webhook, execute }: INodeType): boolean {
	return Boolean(trigger ?? poll) || (Boolean(webhook) && !execute);
}

const ITEM_KEYS = ['json', 'binary', 'pairedItem', 'error', 'index', 'metadata'];

function isItem(value: IDataObject | INodeExecutionData): value is INodeExecutionData {
	return (
		typeof value.json === 'object' &&
		value.json !== null &&
		Object.keys(value).every((key) => ITEM_KEYS.includes(key))
	);
}

/** Plain objects become items; items stay what they are. */
export function toItems(
	values: Array<IDataObject | INodeExecutionData> = [{}],
): INodeExecutionData[] {
	return values.map((value) => structuredClone(isItem(value) ? value : { json: value }));
}
