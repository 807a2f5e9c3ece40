/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { VERSIONS, type ClusterVersion as Profile } from '../cluster';

export const KEY_VARIABLE = 'ELASTIC_API_KEY';
export const USAGE = `npm run conformance -- [--endpoint URL] [--api-key KEY] [--ca FILE] [--model ID] [--read-only]

  --endpoint  Elasticsearch to ask. Without it, the embedded cluster is asked over TLS.
  --api-key   Encoded API key; better in the environment, as ${KEY_VARIABLE}.
  --ca        File with the CA certificate (PEM) that signed the cluster's.
  --model     PyTorch model to make deployments of. Without it, the smallest one that is there.
  --read-only Sends no request that changes anything.
  --output    Folder for conformance-<version>.json and .md; the present one without it.
  --version   Of the embedded cluster: ${VERSIONS.join(', ')}.`;

export interface Options {
	/** Absent: the embedded cluster. */
	endpoint?: string;
	apiKey?: string;
	/** PEM. */
	ca?: string;
	model?: string;
	readOnly: boolean;
	output: string;
	profile: Profile;
}

/** What was asked for cannot be done; the message says why, and holds no key. */
export class UsageError extends Error {}

/** Reads the command line and the environment. */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): Options | 'help' {
	const values = parsed(args);
	if (values.help) return 'help';
	const profile = VERSIONS.find((version) => version === values.version);
	if (!profile) throw new UsageError(`--version is one of ${VERSIONS.join(', ')}.`);
	return {
		endpoint: values.endpoint === undefined ? undefined : endpointOf(values.endpoint),
		apiKey: keyOf(values['api-key'] ?? environment[KEY_VARIABLE]),
		ca: values.ca === undefined ? undefined : pemOf(values.ca),
		model: values.model,
		readOnly: values['read-only'],
		output: folderOf(values.output),
		profile,
	};
}

const OPTIONS = {
	endpoint: { type: 'string' },
	'api-key': { type: 'string' },
	ca: { type: 'string' },
	model: { type: 'string' },
	'read-only': { type: 'boolean', default: false },
	output: { type: 'string', default: '.' },
	version: { type: 'string', default: '9.5' },
	help: { type: 'boolean', default: false },
} as const;

function parsed(args: string[]) {
	const problem = problemOf(() => parseArgs({ args, options: OPTIONS }));
	if (problem === undefined) return parseArgs({ args, options: OPTIONS }).values;
	// An argument that is no option may be a key: it is not repeated.
	const unknown = /Unknown option '(--[a-z-]+)'/.exec(problem)?.[1];
	throw new UsageError(
		unknown === undefined
			? 'The options could not be read: each has one value, and nothing else stands beside them.'
			: `There is no option ${unknown}.`,
	);
}

function problemOf(act: () => unknown): string | undefined {
	try {
		act();
		return undefined;
	} catch (error) {
		return String(error);
	}
}

function endpointOf(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		throw new UsageError('--endpoint is an address such as https://localhost:9200.');
	}
	if (url.username || url.password || url.search) {
		throw new UsageError('--endpoint is the address alone, without user, password or query.');
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** `id:api_key` is taken too, and encoded. */
function keyOf(text: string | undefined): string | undefined {
	const key = text?.trim().replace(/^ApiKey\s+/i, '');
	if (key === undefined || key === '') return undefined;
	// No header can bear it, and what refuses it there says less.
	if (!/^[\x21-\x7e]+$/.test(key)) {
		throw new UsageError(
			'The API key holds a character that no key has, e.g. a space or the end of a line. Copy it again.',
		);
	}
	return key.includes(':') ? Buffer.from(key).toString('base64') : key;
}

/** Made before the run: its pages are written at the end, which would be late to find out. */
function folderOf(folder: string): string {
	const problem = problemOf(() => {
		mkdirSync(folder, { recursive: true });
		accessSync(folder, constants.W_OK);
	});
	if (problem === undefined) return folder;
	throw new UsageError(
		`Nothing can be written to --output, which is no folder or closed: ${folder}`,
	);
}

function pemOf(file: string): string {
	if (problemOf(() => readFileSync(file)) !== undefined) {
		throw new UsageError(`The file of --ca cannot be read: ${file}`);
	}
	const text = readFileSync(file, 'utf8');
	if (!text.includes('-----BEGIN CERTIFICATE-----')) {
		throw new UsageError(`The file of --ca holds no certificate in PEM: ${file}`);
	}
	return text;
}
