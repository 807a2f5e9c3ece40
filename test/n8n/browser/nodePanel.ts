import type { Locator, Page } from './playwright';
import { testId } from './testId';

/** The open node: input on the left, parameters in the middle, output on the right. */
export class NodePanel {
	readonly panel: Locator;

	readonly title: Locator;

	readonly parameters: Locator;

	readonly credential: Locator;

	readonly executeButton: Locator;

	readonly addOption: Locator;

	readonly output: Locator;

	readonly errorMessage: Locator;

	readonly errorDescription: Locator;

	/** The list of the deployment picker. */
	readonly choices: Locator;

	private readonly picker: Locator;

	constructor(private readonly page: Page) {
		this.panel = page.locator(testId('ndv'));
		this.title = this.panel.locator(testId('node-title-container'));
		this.parameters = this.panel.locator(testId('node-parameters'));
		this.credential = this.parameters.locator(testId('node-credentials-slot'));
		this.executeButton = this.panel.locator(testId('node-execute-button'));
		this.addOption = this.parameters.locator(testId('collection-parameter-add')).last();
		this.output = this.panel.locator(testId('output-panel'));
		this.errorMessage = this.output.locator(testId('node-error-message'));
		this.errorDescription = this.output.locator(testId('node-error-description'));
		this.choices = page.locator(testId('rlc-item'));
		this.picker = this.parameters.locator(testId('resource-locator-deploymentId'));
	}

	/** The names of the fields, from top to bottom. */
	async labels(): Promise<string[]> {
		const labels = this.parameters.locator(testId('input-label')).filter({ visible: true });
		const texts = await labels.allInnerTexts();
		return texts.map((text) => text.split('\n')[0].trim());
	}

	get deployment(): Locator {
		return this.picker.locator(testId('rlc-input'));
	}

	/** One of the list. */
	choice(id: string): Locator {
		return this.choices.filter({ hasText: id });
	}

	/** Opens the list of deployments and types into it. */
	async typeToFind(typed: string): Promise<void> {
		await this.deployment.click();
		await this.choices.first().waitFor();
		await this.page.locator(testId('rlc-search')).fill(typed);
	}

	/** Gives the id by hand. */
	async giveId(id: string): Promise<void> {
		await this.picker.locator(testId('rlc-mode-selector')).click();
		await this.page.locator(testId('mode-id')).click();
		await this.deployment.fill(id);
	}

	field(name: string): Locator {
		return this.parameters.locator(testId(`parameter-input-${name}`));
	}

	async giveNumber(field: string, value: number): Promise<void> {
		const input = this.field(field).locator('input');
		await input.fill(String(value));
		await input.press('Tab');
	}

	async execute(): Promise<void> {
		await this.executeButton.click();
	}

	/** Waits for a run to end well; returns the table that comes out. */
	async result(): Promise<string> {
		await this.output.locator(testId('node-run-status-success')).waitFor();
		return await this.output.locator('table').first().innerText();
	}

	async openCredential(): Promise<void> {
		await this.parameters.locator(testId('credential-edit-button')).click();
	}

	async connect(): Promise<void> {
		await this.parameters.locator(testId('node-credentials-empty-state')).click();
	}
}
