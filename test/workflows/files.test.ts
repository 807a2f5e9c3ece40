import type { INode } from 'n8n-workflow';

import { crossedBy, overlap, placesOf, wiresOf } from './canvas';
import { files, isLocator, shipped, STICKY, textOf, type ShippedWorkflow } from './shipped';

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

it('all fifteen are there, with as few nodes as it takes', () => {
	const counts = files.map((file) => [file, stepsOf(shipped(file)).length]);
	expect(Object.fromEntries(counts)).toEqual({
		'alert-on-trouble.json': 3,
		'burst-for-bulk-ingest.json': 9,
		'cap-adaptive-by-night.json': 4,
		'classify-with-your-model.json': 7,
		'idle-reaper.json': 6,
		'maintenance.json': 9,
		'morning-watchdog.json': 7,
		'night-cap.json': 4,
		'nights-off.json': 5,
		'office-hours-with-table.json': 9,
		'reap-by-idle-event.json': 5,
		'restart-what-vanished.json': 4,
		'wake-on-webhook.json': 4,
		'warm-up.json': 4,
		'weekly-report.json': 6,
	});
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
		if (schedules.length > 0) {
			expect(workflow.settings?.timezone).toBe('Europe/Berlin');
			expect(noteText(notesOf(workflow)[0])).toMatch(/\bpublish\b/);
		}
		for (const schedule of schedules) {
			expect(hoursOf(schedule).filter((hour) => hour >= 1 && hour <= 3)).toEqual([]);
		}
	});

	it('has one short note: what it does, and three steps', () => {
		const notes = notesOf(workflow);
		expect(notes).toHaveLength(1);
		const text = noteText(notes[0]);
		expect(text).toMatch(/^## .+\n\n.+\n\n1\. .+\n2\. .+\n3\. .+(\n\n.+)?$/);
		expect(text.length).toBeLessThanOrEqual(600);
		// n8n 2 publishes what older versions activated.
		expect(text).not.toMatch(/activat/i);
	});

	it('names in its note only nodes and files that exist', () => {
		const text = notesOf(workflow).map(noteText).join('\n');
		const mentioned = [...text.matchAll(/(?<![*\w])\*([A-Z][^*\n]*)\*(?!\*)/g)].map(
			([, name]) => name,
		);
		for (const name of mentioned) expect(names).toContain(name);
		for (const [other] of text.matchAll(/[\w-]+\.json/g)) expect(files).toContain(other);
	});

	it('has names that n8n does not cut', () => {
		for (const { name } of stepsOf(workflow)) expect(name.length).toBeLessThanOrEqual(22);
	});

	it('has nothing on top of each other, and its note holds its text', () => {
		const places = placesOf(workflow);
		for (const [index, one] of places.entries()) {
			for (const other of places.slice(index + 1)) {
				expect({ one: one.name, other: other.name, overlap: overlap(one, other) }).toEqual({
					one: one.name,
					other: other.name,
					overlap: false,
				});
			}
		}
		for (const { parameters } of notesOf(workflow)) {
			expect(Number(parameters.height)).toBeGreaterThanOrEqual(heightOf(parameters));
		}
	});

	it('has no line through a text or a node', () => {
		const crossed = wiresOf(workflow).flatMap((wire) =>
			crossedBy(workflow, wire).map((name) => `${wire.from} -> ${wire.to} crosses ${name}`),
		);
		expect(crossed).toEqual([]);
	});
});

/** What a note needs, in n8n's type: about 7 pixels a character, 22 a line. */
function heightOf({ content, width }: INode['parameters']): number {
	const characters = (Number(width) - 32) / 7;
	return String(content)
		.split('\n')
		.map((line) => (line === '' ? 10 : 4 + 22 * Math.ceil(line.length / characters)))
		.reduce((sum, height) => sum + height, 32);
}
