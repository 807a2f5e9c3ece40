import type { INode } from 'n8n-workflow';

import { files, isLocator, shipped, textOf, type ShippedWorkflow } from './shipped';

const STICKY = 'n8n-nodes-base.stickyNote';
const SCHEDULE = 'n8n-nodes-base.scheduleTrigger';

const notesOf = ({ nodes }: ShippedWorkflow) => nodes.filter(({ type }) => type === STICKY);
const stepsOf = ({ nodes }: ShippedWorkflow) => nodes.filter(({ type }) => type !== STICKY);
const noteText = (node: INode) => String(node.parameters.content);

/** The hours of a cron expression, all of them where it doesn't say. */
function hoursOf(expression: string): number[] {
	const [, hours] = expression.split(' ');
	if (hours === undefined || hours.includes('*')) return Array.from({ length: 24 }, (_, i) => i);
	return hours.split(',').flatMap((part) => {
		const [from, to = from] = part.split('-').map(Number);
		return Array.from({ length: to - from + 1 }, (_, i) => from + i);
	});
}

function schedulesOf(workflow: ShippedWorkflow): string[] {
	return stepsOf(workflow)
		.filter(({ type }) => type === SCHEDULE)
		.flatMap(({ parameters }) => {
			const { interval } = parameters.rule as { interval: Array<Record<string, string>> };
			return interval.map(({ field, expression }) => {
				expect(field).toBe('cronExpression');
				return expression;
			});
		});
}

it('all eight are there', () => {
	expect(files).toEqual([
		'burst-for-bulk-ingest.json',
		'cap-adaptive-by-night.json',
		'idle-reaper.json',
		'morning-watchdog.json',
		'office-hours.json',
		'scale-down-on-schedule.json',
		'wake-on-webhook.json',
		'weekly-report.json',
	]);
});

describe.each(files)('%s', (file) => {
	const workflow = shipped(file);
	const names = workflow.nodes.map(({ name }) => name);

	it('is written as n8n exports it', () => {
		expect(workflow.name).toMatch(/^[A-Z]/);
		expect(textOf(file)).toBe(`${JSON.stringify(workflow, null, '\t')}\n`);
		expect(workflow.settings).toMatchObject({ executionOrder: 'v1' });
	});

	it('is switched off and holds no data of a run', () => {
		expect(workflow).toMatchObject({ active: false, pinData: {} });
		expect(workflow).not.toHaveProperty('id');
		expect(workflow).not.toHaveProperty('staticData');
	});

	it('has unique ids and names', () => {
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(names.length);
	});

	it('connects nodes that exist, and leaves none out', () => {
		const targets = Object.values(workflow.connections).flatMap(({ main }) =>
			main.flatMap((branch) => (branch ?? []).map(({ node }) => node)),
		);
		const connected = new Set([...Object.keys(workflow.connections), ...targets]);
		expect([...connected].sort()).toEqual(
			stepsOf(workflow)
				.map(({ name }) => name)
				.sort(),
		);
	});

	it('holds no credential, no host, no key and no id of a server', () => {
		for (const node of workflow.nodes) {
			expect(node).not.toHaveProperty('credentials');
			// Without one, n8n puts an id of its own in front of the path.
			expect(node.webhookId).toBe(node.parameters.path);
		}
		const text = textOf(file);
		expect(text).not.toMatch(/https?:\/\//);
		expect(text).not.toMatch(/\b\d+\.\d+\.\d+\.\d+\b|localhost/);
		expect(text).not.toMatch(/ApiKey |Bearer |instanceId/);
		expect(text).not.toMatch(/[A-Za-z0-9+/=_-]{40,}/);
	});

	it('picks nothing from a list: that is for the person who imports it', () => {
		const picked = workflow.nodes.flatMap(({ parameters }) => Object.values(parameters));
		for (const locator of picked.filter(isLocator)) {
			expect(locator.value).toMatch(/^$|^=/);
			expect(locator.mode).toBe(locator.value === '' ? 'list' : 'id');
		}
	});

	it('says its time zone where it runs by the clock, and stays away from the change of the clocks', () => {
		const schedules = schedulesOf(workflow);
		if (schedules.length > 0) expect(workflow.settings?.timezone).toBe('Europe/Berlin');
		for (const schedule of schedules) {
			expect(hoursOf(schedule).filter((hour) => hour >= 1 && hour <= 3)).toEqual([]);
		}
	});

	it('begins with a note that explains it, left of the flow', () => {
		const [main, ...others] = notesOf(workflow);
		expect(main.parameters).toMatchObject({ width: 480 });
		expect(main.parameters).not.toHaveProperty('color');
		const rightEdge = main.position[0] + 480;
		for (const { position } of [...others, ...stepsOf(workflow)]) {
			expect(position[0]).toBeGreaterThanOrEqual(rightEdge);
		}
		expect(noteText(main)).toMatch(
			/^## .+\n[^]+\n1\. [^]+\n### Setup steps\n(- \[ \] .+\n)+\n### Customization\n/,
		);
		for (const { parameters } of others) expect([3, 7]).toContain(parameters.color);
	});

	it('names in its notes only nodes and files that exist', () => {
		const text = notesOf(workflow)
			.map((note) => noteText(note).replace(/`[^`]*`/g, ''))
			.join('\n');
		const mentioned = [...text.matchAll(/(?<![*\w])\*([A-Z][^*\n]*)\*(?!\*)/g)].map(
			([, name]) => name,
		);
		expect(mentioned.length).toBeGreaterThan(0);
		for (const name of mentioned) expect(names).toContain(name);
		for (const [other] of text.matchAll(/[\w-]+\.json/g)) expect(files).toContain(other);
	});
});
