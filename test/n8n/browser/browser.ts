import { ensureChromium, isRoot } from './chromium';
import { playwright, type Browser, type Page } from './playwright';

/** Much, for a cold browser on a busy machine. */
const PATIENCE_MS = 30_000;
const FLAGS = [
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** A small screen. */
export const WINDOW = { width: 1280, height: 800 };

export interface Window {
	page: Page;
	browser: Browser;
}

/** An empty browser with one page, in the light theme; it sees nothing but this machine. */
export async function openBrowser(): Promise<Window> {
	const executablePath = await ensureChromium();
	// Chromium refuses to run as root inside its sandbox.
	const args = isRoot() ? [...FLAGS, '--no-sandbox'] : FLAGS;
	const browser = await playwright().chromium.launch({ executablePath, args });
	const context = await browser.newContext({
		viewport: WINDOW,
		colorScheme: 'light',
		locale: 'en-US',
	});
	context.setDefaultTimeout(PATIENCE_MS);
	await context.route(
		({ hostname }) => hostname !== 'localhost',
		async (route) => await route.abort(),
	);
	return { browser, page: await context.newPage() };
}
