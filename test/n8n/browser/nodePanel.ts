import { pause } from '../../eventually';
import type { Locator, Page } from './playwright';
import { testId } from './testId';

const TAKES_OVER_MS = 600;

/** The open node: input on the left, parameters in the middle, output on the right. */
export class NodePanel {
	readonly panel: Locator;

	readonly title: Locator;

	readonly parameters: Locator;

	readonly credential: Locator;

	readonly executeButton: Locator;

	readonly addOption: Locator;

	readonly output: Locator;

	readonly table: Locator;

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
		this.table = this.output.locator('table').first();
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

	/** Opens a dropdown with a click, types a part of a value's name and takes it with Enter. */
	async choose(field: string, value: string): Promise<void> {
		await this.field(field).click();
		const option = this.page.locator('.el-select-dropdown__item').filter({ visible: true });
		await option.filter({ hasText: value }).first().waitFor();
		await this.page.keyboard.type(value);
		await option.first().filter({ hasText: value }).waitFor();
		// On a busy machine the editor forgets the arrow while it still filters, and Enter takes nothing.
		for (let tries = 1; ; tries++) {
			await this.page.keyboard.press('ArrowDown');
			await this.page.keyboard.press('Enter');
			const closed = option
				.first()
				.waitFor({ state: 'hidden', timeout: tries < 5 ? 2_000 : 30_000 });
			if (tries >= 5) return await closed;
			if (await closed.then(() => true).catch(() => false)) return;
		}
	}

	/** Clicks into a field and types over what is there. */
	async type(field: string, text: string): Promise<void> {
		await this.field(field).click();
		await this.page.keyboard.press('Control+A');
		await this.page.keyboard.type(text);
		// n8n takes over what was typed a little later, and at once when the field is left.
		await this.page.keyboard.press('Tab');
		await pause(TAKES_OVER_MS);
	}

	/** Picks from a list of deployments or models. */
	async pick(field: string, text: string): Promise<void> {
		await this.parameters
			.locator(`${testId(`resource-locator-${field}`)} ${testId('rlc-input')}`)
			.click();
		await this.choice(text).first().click();
	}

	/** Closes the panel with the mouse. */
	async close(): Promise<void> {
		await this.panel.locator(testId('ndv-close-button')).click();
		await this.panel.waitFor({ state: 'hidden' });
	}

	/** Closes the panel with the keyboard; n8n takes Escape only outside of a field. */
	async leave(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.panel.waitFor({ state: 'hidden' });
	}

	async execute(): Promise<void> {
		await this.executeButton.click();
	}

	/** Waits for a run to end well; returns the table that comes out. */
	async result(): Promise<string> {
		await this.output.locator(testId('node-run-status-success')).waitFor();
		return await this.table.innerText();
	}

	/** What stands in boxes over the output. */
	async hints(): Promise<string[]> {
		const texts = await this.output.locator(testId('node-hint')).allInnerTexts();
		return texts.map((text) => text.trim());
	}

	/** Switches the view of the output. */
	async show(view: 'table' | 'json'): Promise<void> {
		await this.output.locator(testId(`radio-button-${view}`)).click();
	}

	/** Opens what n8n folds away below an error; returns it as text. */
	async openErrorData(): Promise<string> {
		await this.output.locator('text=From ML Deployment').click();
		await this.output.locator('text="Error data"').waitFor();
		return await this.output.innerText();
	}

	/** The last line of what belongs to an error. */
	get otherInfo(): Locator {
		return this.output.locator('text=Other info');
	}

	/** As wide as n8n allows: the parameters go all the way to the left. */
	async widenOutput(): Promise<void> {
		const box = await this.page.locator(testId('panel-drag-button')).boundingBox();
		if (box === null) throw new Error('The panel cannot be moved');
		const y = box.y + box.height / 2;
		await this.page.mouse.move(box.x + box.width / 2, y);
		await this.page.mouse.down();
		await this.page.mouse.move(box.x / 2, y, { steps: 5 });
		await this.page.mouse.move(0, y, { steps: 5 });
		await this.page.mouse.up();
	}

	async openCredential(): Promise<void> {
		await this.parameters.locator(testId('credential-edit-button')).click();
	}

	async connect(): Promise<void> {
		await this.parameters.locator(testId('node-credentials-empty-state')).click();
	}
}
