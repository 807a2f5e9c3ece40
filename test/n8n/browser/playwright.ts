/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createRequire } from 'node:module';
import path from 'node:path';

import { HOST_PACKAGE } from '../places';

/**
 * What is used of playwright-core, which lies in this folder's own node_modules: the rest of the
 * project is checked and built without it.
 */
export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

export interface Locator {
	locator(selector: string): Locator;
	filter(options: { hasText?: string | RegExp; visible?: boolean }): Locator;
	first(): Locator;
	last(): Locator;
	click(): Promise<void>;
	dblclick(): Promise<void>;
	hover(): Promise<void>;
	isVisible(): Promise<boolean>;
	fill(text: string): Promise<void>;
	press(key: string): Promise<void>;
	innerText(): Promise<string>;
	allInnerTexts(): Promise<string[]>;
	inputValue(): Promise<string>;
	getAttribute(name: string): Promise<string | null>;
	boundingBox(): Promise<Box | null>;
	scrollIntoViewIfNeeded(): Promise<void>;
	waitFor(options?: { state?: 'visible' | 'hidden' | 'detached'; timeout?: number }): Promise<void>;
}

export interface Page {
	goto(url: string): Promise<unknown>;
	waitForURL(matches: (url: URL) => boolean): Promise<void>;
	locator(selector: string): Locator;
	screenshot(options: { path: string; clip?: Box }): Promise<unknown>;
	/** Runs in the page. */
	evaluate<T>(expression: string): Promise<T>;
	url(): string;
	setViewportSize(size: { width: number; height: number }): Promise<void>;
	mouse: {
		move(x: number, y: number, options?: { steps: number }): Promise<void>;
		down(): Promise<void>;
		up(): Promise<void>;
	};
	keyboard: {
		press(key: string): Promise<void>;
		type(text: string): Promise<void>;
	};
	addStyleTag(options: { content: string }): Promise<unknown>;
}

interface Route {
	abort(): Promise<void>;
}

export interface Context {
	newPage(): Promise<Page>;
	route(url: (url: URL) => boolean, answer: (route: Route) => Promise<void>): Promise<unknown>;
	setDefaultTimeout(ms: number): void;
}

export interface Browser {
	newContext(options: {
		viewport: { width: number; height: number };
		colorScheme: 'light';
		locale: string;
	}): Promise<Context>;
	close(): Promise<void>;
}

interface Playwright {
	chromium: { launch(options: { executablePath: string; args: string[] }): Promise<Browser> };
}

export function playwright(): Playwright {
	const load = createRequire(path.join(HOST_PACKAGE, 'package.json'));
	return load('playwright-core') as Playwright;
}
