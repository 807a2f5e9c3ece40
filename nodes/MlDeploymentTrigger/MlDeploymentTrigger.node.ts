import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { eventNames, fields } from './parameters';
import { poll } from './poll';

/** The chosen events and the pattern, such as "Failed, Disappeared: elser-*". */
const SUBTITLE = `={{ ((names) => $parameter["events"].map((event) => names[event] ?? event).join(", ")
	+ ($parameter["deployments"] === "pattern" && $parameter["pattern"] ? ": " + $parameter["pattern"] : "")
)(${JSON.stringify(eventNames)}) }}`;

/** A polling trigger: Elasticsearch calls nobody, so n8n asks it. */
export class MlDeploymentTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ML Deployment Trigger',
		name: 'mlDeploymentTrigger',
		icon: {
			light: 'file:../MlDeployment/mlDeployment.svg',
			dark: 'file:../MlDeployment/mlDeployment.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: SUBTITLE,
		description:
			'Starts a workflow when an Elasticsearch trained model deployment fails, disappears, gets stuck, or becomes idle',
		defaults: { name: 'ML Deployment Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'elasticsearchMlApi', required: true }],
		properties: fields,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
