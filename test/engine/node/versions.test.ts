import type { IDataObject } from 'n8n-workflow';

import { VERSIONS, type ClusterVersion } from '../../cluster';
import {
	byId,
	credentialFor,
	givenCluster,
	keyWith,
	letTimePass,
	parameters,
	run,
	seen,
	stop,
	stopPattern,
	update,
} from '../given';

const start = (options: IDataObject = {}, fields: IDataObject = {}) =>
	parameters('start', { modelId: byId('my_model'), options, ...fields });
const adaptive = {
	allocationMode: 'adaptive',
	minNumberOfAllocations: 1,
	maxNumberOfAllocations: 2,
};

async function givenModel(version: ClusterVersion) {
	const cluster = await givenCluster({ version });
	cluster.addModel({ model_id: 'my_model' });
	letTimePass(cluster);
	return cluster;
}

describe.each(VERSIONS)('on %s', (version) => {
	it('starts, resizes, waits, stops and starts again from restore', async () => {
		const cluster = await givenModel(version);
		const began = await run(cluster, start());
		expect(began.items[0]).toMatchObject({ action: 'start', changed: true, state: 'started' });

		const options = { whenAdaptive: 'setBounds', waitFor: 'fully_allocated' };
		const resized = await run(cluster, update('my_model', { numberOfAllocations: 2, options }));
		expect(resized.status).toBe('success');

		const stopped = await run(cluster, stop('my_model'));
		expect(stopped.items[0]).toMatchObject({ action: 'stop', changed: true });
		expect(cluster.deployment('my_model')).toBeUndefined();

		const restore = parameters('start', { startFrom: 'restore' });
		const back = await run(cluster, restore, { items: stopped.items });
		expect(back.items[0]).toMatchObject({ changed: true });

		const ready = await run(
			cluster,
			parameters('waitUntilReady', { deploymentId: byId('my_model') }),
		);
		expect(ready.items[0]).toMatchObject({ ready: true });
	});

	it('scales to the goal, and a second time changes nothing', async () => {
		const cluster = await givenModel(version);
		const fields = {
			numberOfAllocations: 2,
			ifNotRunning: 'startModel',
			options: { whenAdaptive: 'setBounds' },
		};
		const given = parameters('scale', { deploymentId: byId('my_model'), ...fields });
		expect((await run(cluster, given)).items[0]).toMatchObject({ action: 'start', changed: true });
		expect((await run(cluster, given)).items[0]).toMatchObject({ action: 'none', changed: false });
	});

	it('lists it, gets it, and stops it by a pattern', async () => {
		const cluster = await givenModel(version);
		cluster.addDeployment({ deployment_id: 'my_model', number_of_allocations: 2 });
		const shown = { deployment_id: 'my_model', state: 'started', ready: true, vcpus: 2 };
		const listed = await run(cluster, parameters('getMany', { filters: { state: 'started' } }));
		expect(listed.items).toMatchObject([shown]);
		const got = await run(cluster, parameters('get', { deploymentId: byId('my_model') }));
		expect(got.items).toMatchObject([shown]);
		const stopped = await run(cluster, stopPattern('my*', { onlyIfIdleMinutes: 0 }));
		expect(stopped.items).toMatchObject([{ deployment_id: 'my_model', action: 'stop' }]);
	});

	it('says of an unknown model and an unknown deployment the same in every version', async () => {
		const cluster = await givenModel(version);
		const unknown = await run(cluster, parameters('start', { modelId: byId('nothing') }));
		expect(seen(unknown).message).toBe("There is no trained model called 'nothing'");
		const get = await run(cluster, parameters('get', { deploymentId: byId('nothing') }));
		expect(seen(get).message).toBe("No deployment and no model is called 'nothing'");
		const stopping = await run(cluster, stop('nothing'));
		expect(seen(stopping).message).toBe("No deployment and no model is called 'nothing'");
		const updated = await run(cluster, update('nothing', { numberOfAllocations: 2 }));
		expect(seen(updated).message).toBe("No deployment is called 'nothing'");
	});

	it('infers, also with a credential that only reads', async () => {
		const cluster = await givenModel(version);
		cluster.addDeployment({ deployment_id: 'my_model' });
		const fields = { deploymentId: byId('my_model'), text: 'Berlin' };
		const apiKey = keyWith(cluster, 'monitor_ml');
		const credentials = credentialFor(cluster, { apiKey, readOnly: true });
		const { items } = await run(cluster, parameters('infer', fields), { credentials });
		expect(items[0]).toMatchObject({ result: { predicted_value: { berlin: expect.any(Number) } } });
	});

	it('says that there is no room', async () => {
		const cluster = await givenModel(version);
		cluster.set({ scalingPossible: false });
		const fields = { numberOfAllocations: 300 };
		const none = await run(cluster, parameters('start', { modelId: byId('my_model'), ...fields }));
		expect(seen(none).message).toBe(
			"The deployment 'my_model' was not started: the machine learning nodes have no room for it",
		);
	});
});

const NOT_FIRST = VERSIONS.filter((version) => version !== '8.6');
/** The versions from these on, of the profiles that are there. */
const GUARD_LOW: readonly ClusterVersion[] = ['8.19', '9.2', '9.5'];
const GUARD_STOP: readonly ClusterVersion[] = ['8.19', '9.0', '9.2', '9.5', 'serverless'];

/** Serverless makes everything adaptive, so that a number is refused for another reason. */
const FIXED = VERSIONS.filter((version) => version !== 'serverless');

describe.each(FIXED)('low priority on %s', (version) => {
	it('takes one allocation only, where the version sees to it', async () => {
		const cluster = await givenModel(version);
		cluster.addDeployment({ deployment_id: 'my_model', priority: 'low' });
		const result = await run(cluster, update('my_model', { numberOfAllocations: 2 }));
		if (GUARD_LOW.includes(version)) {
			expect(seen(result).message).toMatch(/a low-priority deployment has exactly 1 allocation/);
		} else {
			expect(result.items[0]).toMatchObject({ number_of_allocations: 2 });
		}
	});
});

/** Adaptive allocations, and with them the sleep at zero, exist from 8.16 on. */
const SLEEPS = VERSIONS.filter((version) => version !== '8.6' && version !== '8.12');

describe.each(SLEEPS)('a deployment at zero on %s', (version) => {
	it.each(['wait', 'refuse'] as const)(
		"answers by its model's id once it is awake, where requests meanwhile %s",
		async (wakeUp) => {
			const cluster = await givenCluster({ version, wakeUp });
			cluster.addModel({ model_id: 'my_model' });
			cluster.addDeployment({
				deployment_id: 'search',
				model_id: 'my_model',
				number_of_allocations: 0,
				adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
			});
			const fields = { deploymentId: byId('my_model'), text: 'Berlin' };
			const { items, hints } = await run(cluster, parameters('infer', fields));
			expect(items[0]).toMatchObject({ deployment_id: 'search', result: expect.any(Object) });
			expect(hints[0].message).toBe("'search' slept at zero and was woken by this run.");
		},
	);
});

describe.each(NOT_FIRST)('an inference endpoint on %s', (version) => {
	async function givenOwned() {
		const cluster = await givenCluster({ version });
		cluster.addInferenceEndpoint({ inference_id: 'owned', task_type: 'rerank', model_id: 'm' });
		return cluster;
	}

	it('keeps its deployment from a pattern, and from a stop without Force', async () => {
		const cluster = await givenOwned();
		const left = await run(cluster, stopPattern('*', { force: true }));
		expect(left.items).toMatchObject([{ action: 'none', reason: 'endpoint_owned' }]);
		const stopped = await run(cluster, stop('owned'));
		if (GUARD_STOP.includes(version)) {
			expect(seen(stopped).message).toMatch(/an inference endpoint created it/);
			expect((await run(cluster, stop('owned', { force: true }))).status).toBe('success');
		} else {
			const warnings = [expect.stringContaining("'owned' uses this deployment")];
			expect(stopped.items).toMatchObject([{ changed: true, warnings }]);
		}
		expect(cluster.deployment('owned')).toBeUndefined();
	});

	it('gets the number that is asked for, a rerank endpoint too', async () => {
		const cluster = await givenOwned();
		const options = { whenEndpointOwned: 'inferenceApi' };
		const result = await run(cluster, update('owned', { numberOfAllocations: 2, options }));
		if (version === 'serverless') {
			expect(seen(result).message).toMatch(/the inference endpoint that owns it is adaptive/);
		} else {
			expect(result.status).toBe('success');
			expect(cluster.deployment('owned')).toMatchObject({ number_of_allocations: 2 });
		}
	});
});

describe('what a version lacks says from which one on it is there', () => {
	it.each([
		['8.6', 'finishing pending work', stop('my_model', { finishPendingWork: true }), /8\.11/, true],
		['8.6', 'an id of its own', start({ newDeploymentId: 'search' }), /8\.8/, false],
		['8.12', 'adaptive allocations at start', start({}, adaptive), /8\.16/, false],
		['8.12', 'adaptive allocations at update', update('my_model', adaptive), /8\.16/, true],
		[
			'8.12',
			'adaptive allocations at scale',
			parameters('scale', { deploymentId: byId('my_model'), ...adaptive }),
			/8\.16/,
			true,
		],
	] as const)('%s: %s', async (version, _what, given, next, deployed) => {
		const cluster = await givenModel(version);
		if (deployed) cluster.addDeployment({ deployment_id: 'my_model' });
		const result = await run(cluster, given);
		expect(result.status).toBe('error');
		expect(seen(result).description).toMatch(next);
	});

	it('Serverless says that a number needs Set Bounds', async () => {
		const cluster = await givenModel('serverless');
		cluster.addDeployment({ deployment_id: 'my_model' });
		for (const options of [{}, { whenAdaptive: 'turnOff' }]) {
			const result = await run(cluster, update('my_model', { numberOfAllocations: 3, options }));
			expect(seen(result).description).toContain("'Set Bounds'");
		}
	});

	it('Serverless warns that a fixed number at start will follow the load', async () => {
		const cluster = await givenModel('serverless');
		const { items } = await run(cluster, start());
		expect(items[0].warnings).toEqual([expect.stringContaining('keeps adaptive allocations on')]);
	});
});
