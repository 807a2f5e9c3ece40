import type { Locator, Page } from './playwright';
import { testId } from './testId';

const MOST_PRESSES = 3;
const PATIENCE_MS = 15_000;

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

	/** Saves what n8n accepts: the dialog closes. */
	async save(): Promise<void> {
		await this.pressSave(async (timeout) => {
			await this.dialog.waitFor({ state: 'hidden', timeout });
		});
	}

	/** Saves what is refused, opens the details of the red box and waits for this text in them. */
	async saveRefused(message: string): Promise<void> {
		const details = this.dialog.locator('text=More details');
		await this.pressSave(async (timeout) => {
			await details.waitFor({ timeout });
		});
		await details.click();
		await this.dialog.locator(`text=${message}`).waitFor();
	}

	/**
	 * Presses Save until something comes of it: on a busy machine n8n's dialog at times takes the
	 * click before it has taken over what was typed, and then does nothing at all.
	 */
	private async pressSave(outcome: (timeoutMs: number) => Promise<void>): Promise<void> {
		const button = this.dialog.locator(testId('credential-save-button'));
		for (let press = 1; press < MOST_PRESSES; press++) {
			await button.click();
			const came = await outcome(PATIENCE_MS).then(
				() => true,
				() => false,
			);
			if (came) return;
		}
		await button.click();
		await outcome(PATIENCE_MS);
	}

	async close(): Promise<void> {
		await this.dialog.locator('[aria-label="Close this dialog"]').click();
		await this.dialog.waitFor({ state: 'hidden' });
	}
}
