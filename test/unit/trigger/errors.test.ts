import type { INode } from 'n8n-workflow';

import { fieldError } from '../../../nodes/MlDeploymentTrigger/errors';

it('an error of a field shows of a long value its beginning only', () => {
	const node = { name: 'Trigger', type: 'mlDeploymentTrigger', parameters: {} } as unknown as INode;
	const long = 'x'.repeat(3_000);
	const error = fieldError(node, { message: `'${long}' is a model`, next: `Remove '${long}'` });
	expect(error.message).toBe(`'${'x'.repeat(59)}…' is a model`);
	expect(error.description).toBe(`Remove '${'x'.repeat(59)}…'.`);
});
