import type { Account } from '../rest';
import type { Page } from './playwright';
import { testId } from './testId';

/** Signs in where the page at this path asks for it, and comes out there. */
export async function signIn(
	page: Page,
	url: string,
	path: string,
	{ email, password }: Account,
): Promise<void> {
	await page.goto(`${url}/signin?redirect=${encodeURIComponent(path)}`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(email);
	await page.locator('input[name="password"]').fill(password);
	await page.locator(testId('form-submit-button')).click();
	await page.waitForURL((address) => address.pathname !== '/signin');
}
