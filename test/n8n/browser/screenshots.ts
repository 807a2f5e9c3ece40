/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { command } from '../command';
import { PROJECT } from '../places';
import type { Box, Locator, Page } from './playwright';
import { testId } from './testId';

/** They lie in the repository and load with the README. */
const MAX_BYTES = 120_000;

/** Whether the pictures of the README are made anew. */
export const UPDATE = process.env.UPDATE_SCREENSHOTS === '1';

/** What a picture holds: as wide as some elements, as high as from the first to the last of others. */
export interface Crop {
	across: Locator[];
	from: Locator;
	to: Locator;
}

const MARGIN = 6;
/** Messages that come and go cover what matters; the buttons are cut off by the window or the crop. */
const HIDDEN = ['.el-notification', testId('ndv-edit-pinned-data'), testId('panel-drag-button')];
const STILL = '* { transition: none !important; animation: none !important; }';

export class Screenshots {
	readonly folder = UPDATE
		? path.join(PROJECT, 'docs', 'images')
		: mkdtempSync(path.join(tmpdir(), 'n8n-screenshots-'));

	constructor(private readonly page: Page) {
		mkdirSync(this.folder, { recursive: true });
	}

	async of(name: string, { across, from, to }: Crop): Promise<void> {
		await this.tidyUp();
		const columns = await boxes(across);
		const rows = await boxes([from, to]);
		const x = Math.min(...columns.map((box) => box.x));
		const y = Math.min(...rows.map((box) => box.y)) - MARGIN;
		const right = Math.max(...columns.map((box) => box.x + box.width));
		const bottom = Math.max(...rows.map((box) => box.y + box.height)) + MARGIN;
		const file = path.join(this.folder, `${name}.png`);
		const clip = { x, y, width: right - x, height: bottom - y };
		await this.page.screenshot({ path: file, clip });
		// Only what goes into the repository has to be small.
		if (!UPDATE) return;
		await shrink(file);
		const { size } = statSync(file);
		if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes, more than ${MAX_BYTES}`);
	}

	/** All of the page, for whoever looks for the cause of a failure; returns the file. */
	async ofFailure(): Promise<string> {
		const file = path.join(mkdtempSync(path.join(tmpdir(), 'n8n-failure-')), 'page.png');
		await this.page.screenshot({ path: file });
		return file;
	}

	private async tidyUp(): Promise<void> {
		const hidden = `${HIDDEN.join(', ')} { visibility: hidden !important; }`;
		await this.page.addStyleTag({ content: `${hidden} ${STILL}` });
		await this.page.mouse.move(0, 0);
	}
}

async function boxes(elements: Locator[]): Promise<Box[]> {
	return await Promise.all(
		elements.map(async (element) => {
			await element.waitFor();
			return (await element.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
		}),
	);
}

/** With fewer colours where pngquant is installed; the picture stays as it is otherwise. */
async function shrink(file: string): Promise<void> {
	const args = ['--force', '--skip-if-larger', '--output', file, '64', file];
	await command('pngquant', args, { cwd: path.dirname(file) }).catch(() => undefined);
}
