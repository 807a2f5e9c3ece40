/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

/** The two methods of winston that n8n's logger calls. */
interface Sink {
	log(level: string, message: string, metadata: object): void;
	child(): Sink;
}

/** What was logged with its data, which a line only shows. */
export interface Logged {
	message: string;
	metadata: IDataObject;
}

const lines: string[] = [];

/** All warnings among the lines. */
export const warnings: Logged[] = [];

const sink: Sink = {
	log: (level, message, metadata) => {
		if (level === 'warn') warnings.push({ message, metadata: metadata as IDataObject });
		lines.push(`${level} ${message} ${inspect(metadata, { depth: 8, breakLength: Infinity })}`);
	},
	child: () => sink,
};

/** Sends whatever n8n and its nodes log into a list, and nothing to the console. */
export function captureLogs(): string[] {
	// Private in the types only; n8n-core has no public way to take the log.
	const logger = Container.get(Logger) as unknown as { setInternalLogger(sink: Sink): void };
	logger.setInternalLogger(sink);
	return lines;
}
