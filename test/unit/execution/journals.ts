import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { Journal } from '../../../nodes/MlDeployment/execution/journal';
import type { Stop } from '../../../nodes/MlDeployment/execution/stopEntry';
import { settingsOf } from '../../../nodes/elasticsearch/deployment/deployment';
import { deployment } from '../builders';

/** The journal of one try. What it keeps goes into the context, which outlives the try. */
export function openJournal(
	context: IDataObject = {},
	{ executionId = '7', runIndex = 0 as unknown, forAgent = false } = {},
): Journal {
	const host = {
		getContext: (of: string) => (of === 'node' ? context : {}),
		getExecutionId: () => executionId,
		evaluateExpression: (expression: string, item: number) =>
			expression === '{{ $runIndex }}' && item === 0 ? runIndex : undefined,
	};
	return Journal.open(host as unknown as IExecuteFunctions, forAgent);
}

/** What a job enters before it stops a deployment. */
export function stop(id: string, startTime = 1_000): Stop {
	return {
		id,
		modelId: 'e5',
		startTime,
		before: settingsOf(deployment({ id })),
		restore: { deployment_id: id, number_of_allocations: startTime },
		warnings: [],
	};
}
