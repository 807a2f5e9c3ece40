import type { Page } from './playwright';

/**
 * Counts what the mouse really does in the page, so that no step can forget to count itself. A
 * double click counts as two; typing, Tab and Enter as none.
 */
export class Clicks {
	constructor(private readonly page: Page) {}

	/** Begins at zero. The count ends with the page: leaving the editor loses it. */
	async count(): Promise<void> {
		await this.page.evaluate(`
			window.clicks = 0;
			window.countClick ??= (event) => { if (event.isTrusted) window.clicks += 1; };
			document.addEventListener('mousedown', window.countClick, true);
		`);
	}

	async counted(): Promise<number> {
		return await this.page.evaluate<number>('window.clicks');
	}
}
