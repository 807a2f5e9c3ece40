import { pause } from '../../eventually';
import type { NodeCreator } from './nodeCreator';
import type { Locator, Page } from './playwright';
import { testId } from './testId';

const ZOOM_MS = 1_000;

/** The canvas of a workflow, and what surrounds it. */
export class Canvas {
	/** What explains an example. */
	readonly note: Locator;

	constructor(
		private readonly page: Page,
		private readonly creator: NodeCreator,
	) {
		this.note = page.locator(testId('sticky')).first();
	}

	node(name: string): Locator {
		return this.page.locator(`${testId('canvas-node')}[data-node-name="${name}"]`);
	}

	/** Opens an empty workflow. */
	async openNew(url: string): Promise<void> {
		await this.page.goto(`${url}/workflow/new`);
		await this.page.locator(testId('canvas-plus-button')).waitFor();
	}

	/** Opens a saved workflow, as large as fits. */
	async openSaved(url: string, id: string, node: string): Promise<void> {
		await this.page.goto(`${url}/workflow/${id}`);
		await this.node(node).waitFor();
		await this.page.keyboard.press('1');
		await pause(ZOOM_MS);
	}

	/** The id of the workflow, which n8n has saved by itself. */
	workflowId(): string {
		const [, id] = /\/workflow\/(\w+)/.exec(this.page.url()) ?? [];
		if (id === undefined) throw new Error(`No workflow is open at ${this.page.url()}`);
		return id;
	}

	/** Looks for the first node of the workflow. */
	async addFirst(): Promise<void> {
		await this.page.locator(testId('canvas-plus-button')).click();
		await this.creator.search.waitFor();
	}

	/** Looks for a node that stands apart. */
	async addApart(): Promise<void> {
		await this.page.locator(testId('node-creator-plus-button')).click();
		await this.creator.search.waitFor();
	}

	/** Looks for the node that follows this one; n8n connects them. */
	async addBehind(name: string): Promise<void> {
		await this.node(name).locator(testId('canvas-handle-plus')).click();
		await this.creator.search.waitFor();
	}

	/** The name below a node, which may be wider than the node. */
	label(name: string): Locator {
		return this.node(name).locator(`text=${name}`).first();
	}

	/** Opens the panel of a node. */
	async open(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.page.locator(testId('ndv')).waitFor();
	}

	/** Puts the nodes in order, by the keyboard. */
	async tidyUp(): Promise<void> {
		await this.page.keyboard.press('Shift+Alt+T');
	}

	/** Publishes under the name that n8n proposes, and leaves the message about it. */
	async publish(): Promise<void> {
		await this.page.locator(testId('workflow-open-publish-modal-button')).click();
		const name = testId('workflow-publish-version-name-input');
		await this.page.locator(`${name}:focus`).waitFor();
		await this.page.keyboard.press('Enter');
		const published = this.page.locator('text=Workflow published');
		await published.waitFor();
		await this.page.keyboard.press('Escape');
		await published.waitFor({ state: 'hidden' });
	}

	/** Presses the button beside a trigger. */
	async executeFrom(trigger: string): Promise<void> {
		await this.node(trigger).hover();
		await this.page.locator(testId(`execute-workflow-button-${trigger}`)).click();
	}
}
