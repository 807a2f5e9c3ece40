import type { Locator, Page } from './playwright';
import { testId } from './testId';

/** The dialog in which a credential is made and changed. */
export class CredentialForm {
	readonly dialog: Locator;

	readonly name: Locator;

	/** The green box. */
	readonly success: Locator;

	constructor(page: Page) {
		this.dialog = page.locator(testId('editCredential-modal'));
		this.name = this.dialog.locator(testId('credential-name'));
		this.success = this.dialog.locator(testId('credentials-config-container-test-success'));
	}

	/** What holds one field, its name included. */
	row(name: string): Locator {
		return this.dialog.locator(testId(name));
	}

	field(name: string): Locator {
		return this.dialog.locator(
			`${testId(`parameter-input-${name}`)} ${testId('parameter-input-field')}`,
		);
	}

	/** The names of the fields, from top to bottom. */
	async fields(): Promise<string[]> {
		const texts = await this.dialog
			.locator(testId('credential-connection-parameter'))
			.allInnerTexts();
		return texts.map((text) => text.split('\n')[0].replace('*', '').trim());
	}

	async save(): Promise<void> {
		await this.dialog.locator(testId('credential-save-button')).click();
	}

	/** Opens the details of the red box and waits for this text in them. */
	async refusedWith(message: string): Promise<void> {
		await this.dialog.locator('text=More details').click();
		await this.dialog.locator(`text=${message}`).waitFor();
	}

	async close(): Promise<void> {
		await this.dialog.locator('[aria-label="Close this dialog"]').click();
		await this.dialog.waitFor({ state: 'hidden' });
	}
}
