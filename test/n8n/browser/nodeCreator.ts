import type { Locator, Page } from './playwright';
import { testId } from './testId';

/** The list of nodes that opens beside the canvas. */
export class NodeCreator {
	readonly panel: Locator;

	readonly search: Locator;

	readonly items: Locator;

	/** "Triggers (2)" and the like. */
	readonly headings: Locator;

	constructor(private readonly page: Page) {
		this.panel = page.locator(testId('node-creator'));
		this.search = this.panel.locator(testId('node-creator-search-bar'));
		this.items = this.panel.locator(testId('item-iterator-item'));
		this.headings = this.panel.locator(testId('node-creator-category-item'));
	}

	item(text: string): Locator {
		return this.items.filter({ hasText: text }).first();
	}

	/** Types into the empty search bar, and waits for a result with this text. */
	async find(typed: string, text: string): Promise<Locator> {
		await this.search.fill('');
		await this.item(text).waitFor({ state: 'hidden' });
		await this.search.fill(typed);
		await this.item(text).waitFor();
		return this.item(text);
	}

	/** Types into the open search bar until this node is the first result, and takes it with Enter. */
	async take(typed: string, node: string): Promise<void> {
		await this.search.fill(typed);
		await this.items.first().filter({ hasText: node }).waitFor();
		await this.page.keyboard.press('Enter');
	}

	/** Finds our node, and clicks one of its actions. */
	async takeAction(typed: string, action: string): Promise<void> {
		await this.take(typed, 'ML Deployment');
		await this.openActions(action);
		await this.item(action).click();
	}

	/** For the first step of a workflow, n8n shows the triggers of a node, and folds its actions. */
	async openActions(action: string): Promise<void> {
		const heading = this.headings.filter({ hasText: 'Actions' });
		await heading.waitFor();
		if (!(await this.item(action).isVisible())) await heading.click();
		await this.item(action).waitFor();
	}
}
