import type { IWebhookFunctions } from 'n8n-workflow';

import { givenCluster, settingsOf, theEngine, writes } from '../engine/given';
import type { Stub } from '../engine/harness';
import { runsOf, setUp } from './shipped';
import { start } from './start';

const MAIL = 'n8n-nodes-base.emailSend';

const REFUSED = {
	kind: 'status' as const,
	status: 400,
	body: { error: { type: 'illegal_argument_exception', reason: 'not today' }, status: 400 },
};

/** What n8n's own node hands on when somebody presses a button of its mail. */
async function answerOf(approved: boolean) {
	const { webhook } = theEngine().nodeTypes.getByNameAndVersion(MAIL, 2.1);
	const request = {
		method: 'GET',
		headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
		query: { approved: String(approved) },
	};
	const context = {
		getRequestObject: () => request,
		getResponseObject: () => ({ send: () => undefined }),
		getNodeParameter: (_name: string, fallback: unknown) => fallback,
	};
	const answer = await webhook?.call(context as unknown as IWebhookFunctions);
	return answer?.workflowData ?? [];
}

/** A person who answers each mail at once; the mails' texts are kept. */
async function person(approves: boolean) {
	const mails: string[] = [];
	const [yes, answer] = [await answerOf(true), await answerOf(approves)];
	const reading =
		(given: typeof yes): Stub =>
		(_items, context) => {
			mails.push(String(context.getNodeParameter('message', 0)));
			return given;
		};
	return { mails, stubs: { 'Ask to Stop': reading(answer), 'Ask to Start': reading(yes) } };
}

async function givenModels() {
	const cluster = await givenCluster();
	cluster.addDeployment({ deployment_id: 'a-fixed', number_of_allocations: 2 });
	cluster.addDeployment({ deployment_id: 'c-used', model_id: 'docs-model' });
	cluster.addDeployment({
		deployment_id: 'b-adaptive',
		adaptive_allocations: { enabled: true, min_number_of_allocations: 1 },
	});
	cluster.addPipeline({ id: 'docs', model_id: 'c-used' });
	const ids = cluster.deployments().map((each) => each.deployment_id);
	const settings = () => ids.map((id) => settingsOf(cluster.deployment(id)));
	const run = async (approves = true) => {
		const { mails, stubs } = await person(approves);
		const result = await start(cluster, setUp('maintenance.json', { dryRun: true }), { stubs });
		return { result, mails };
	};
	return { cluster, settings, run };
}

describe('maintenance.json', () => {
	it('asks, stops all, asks again, and brings all back as they were', async () => {
		const { cluster, settings, run } = await givenModels();
		const before = settings();
		const { result, mails } = await run();
		expect(result.status).toBe('success');
		expect(mails).toEqual([
			['- a-fixed: 2 vCPUs', '- b-adaptive: 1 vCPUs', '- c-used: 1 vCPUs, used by docs'].join('\n'),
			['- a-fixed: stopped', '- b-adaptive: stopped', '- c-used: stopped'].join('\n'),
		]);
		const sent = writes(cluster).map(({ path }) => path.split('/').slice(-3).join('/'));
		expect(sent).toEqual([
			...['a-fixed', 'b-adaptive', 'c-used'].map((id) => `${id}/deployment/_stop`),
			...['a-fixed', 'b-adaptive', 'docs-model'].map((id) => `${id}/deployment/_start`),
		]);
		expect(settings()).toEqual(before);
	});

	it('stops nothing where nobody approves', async () => {
		const { cluster, run } = await givenModels();
		const { result, mails } = await run(false);
		expect(result.status).toBe('success');
		expect(runsOf(result, 'Stop All')).toBe(0);
		expect(mails).toHaveLength(1);
		expect(writes(cluster)).toEqual([]);
	});

	it('leaves alone what an inference endpoint owns, and says so', async () => {
		const { cluster, settings, run } = await givenModels();
		cluster.addInferenceEndpoint({
			inference_id: 'z-owned',
			adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		});
		const before = settings();
		const { result, mails } = await run();
		expect(result.status).toBe('success');
		for (const mail of mails) expect(mail).toContain('- z-owned: left alone, endpoint_owned');
		expect(settings()).toEqual(before);
	});

	it('brings back what it stopped where another could not be stopped, and says which', async () => {
		const { cluster, settings, run } = await givenModels();
		const before = settings();
		cluster.fault({ ...REFUSED, path: '/b-adaptive/deployment/_stop' });
		const { result, mails } = await run();
		expect(result.status).toBe('success');
		expect(mails[1]).toContain("'b-adaptive' was left as it was");
		expect(settings()).toEqual(before);
	});

	it('ends red where one does not come back, after all others are back', async () => {
		const { cluster, settings, run } = await givenModels();
		const [, ...others] = settings();
		cluster.fault({ ...REFUSED, path: '/a-fixed/deployment/_start' });
		const { result } = await run();
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain("'a-fixed' was left as it was");
		expect(settings()).toEqual([undefined, ...others]);
	});
});
