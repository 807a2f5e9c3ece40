import { Client } from '../contract/client';
import { clusterWithModel, versionOf } from '../contract/embedded';
import { holdsOn, since, type ClusterVersion } from '../contract/versions';
import { KEY_VARIABLE, UsageError, type Options } from './options';

/** A cluster that is ready to be asked. */
export interface Target {
	client: Client;
	version: ClusterVersion;
	/** Absent where nothing is changed and no PyTorch model is there. */
	model?: string;
	hasKey: boolean;
	/** How long a step with `until` is asked again. */
	patienceMs: number;
	/** Takes the key and the address out of a text. */
	hide: (text: string) => string;
	close: () => Promise<void>;
}

const LIVE_PATIENCE_MS = 90_000;
const EMBEDDED_PATIENCE_MS = 5000;
/** A larger model is taken only where somebody names it. */
const SMALL_BYTES = 1_200_000_000;

/** Connects to the cluster of the options, or starts the embedded one; what is wrong with it is a `UsageError`. */
export async function connect(options: Options): Promise<Target> {
	if (options.endpoint === undefined) return await embedded(options);
	const { endpoint, apiKey, ca } = options;
	const client = new Client({ endpoint, apiKey, ca });
	const close = async () => await client.close();
	return await target(client, options, { hide: hider(endpoint, apiKey), close });
}

async function embedded(options: Options): Promise<Target> {
	const cluster = await clusterWithModel({ version: options.profile, tls: true });
	const { endpoint, apiKey, caPem } = cluster;
	const client = new Client({ endpoint, apiKey, ca: caPem });
	const close = async () => {
		await cluster.close();
		await client.close();
	};
	const own = { ...options, apiKey };
	const patienceMs = EMBEDDED_PATIENCE_MS;
	return await target(client, own, { hide: hider(endpoint, apiKey), close, patienceMs });
}

async function target(
	client: Client,
	options: Options,
	other: Pick<Target, 'hide' | 'close'> & { patienceMs?: number },
): Promise<Target> {
	const found = await lookAt(client, options).catch((error: unknown) =>
		error instanceof UsageError
			? error
			: new UsageError(`The cluster cannot be asked: ${other.hide(reasonOf(error))}`),
	);
	if (!(found instanceof UsageError)) {
		const hasKey = options.apiKey !== undefined;
		return { client, ...found, hasKey, patienceMs: LIVE_PATIENCE_MS, ...other };
	}
	await other.close();
	throw found;
}

async function lookAt(
	client: Client,
	options: Options,
): Promise<Pick<Target, 'version' | 'model'>> {
	await checkKey(client, options);
	const version = await versionOf(client);
	if (!options.readOnly && !holdsOn(since('8.8'), version)) {
		throw new UsageError(
			`Elasticsearch ${version.number} names a deployment after its model, so a run could touch one that is not its own. Use 8.8 or later, or --read-only.`,
		);
	}
	return { version, model: await modelFor(client, options) };
}

/** Says what the key lacks before anything is made: later, every case would differ for that. */
async function checkKey(client: Client, { apiKey, readOnly }: Options): Promise<void> {
	const { status } = await client.send({ method: 'GET', path: '/' });
	if (status === 401) {
		throw new UsageError(
			apiKey === undefined
				? `The cluster asks for an API key (401): set ${KEY_VARIABLE} in the environment.`
				: 'The cluster does not accept the API key (401). It may have expired, or be of another cluster.',
		);
	}
	if (status === 403) {
		throw new UsageError(
			`The API key may not see the cluster's version (403). It needs monitor${readOnly ? '' : ' and manage_ml'}.`,
		);
	}
	if (readOnly || apiKey === undefined) return;
	const path = '/_security/user/_has_privileges';
	const body = { cluster: ['manage_ml'] };
	const asked = await client.send({ method: 'POST', path, body });
	// Where security is off there is no such route.
	const { cluster } = (asked.body ?? {}) as { cluster?: { manage_ml?: boolean } };
	if (cluster?.manage_ml === false) {
		throw new UsageError('The API key lacks manage_ml. Give it that, or use --read-only.');
	}
}

function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { code } = error as { code?: string };
	return [error.message, code].filter(Boolean).join(', ');
}

interface Config {
	model_id: string;
	model_type?: string;
	model_size_bytes?: number;
	fully_defined?: boolean;
}

/** The named model, or the smallest PyTorch model that is complete. */
async function modelFor(client: Client, options: Options): Promise<string | undefined> {
	const path = `/_ml/trained_models?size=1000&include=definition_status`;
	const { status, body } = await client.send({ method: 'GET', path });
	if (status !== 200) {
		throw new UsageError(
			`The cluster does not list its models (${status}). The key needs monitor_ml, and manage_ml unless the run is read only.`,
		);
	}
	const { trained_model_configs: configs } = body as { trained_model_configs: Config[] };
	const usable = configs.filter(
		({ model_type, fully_defined }) => model_type === 'pytorch' && fully_defined !== false,
	);
	if (options.model !== undefined) {
		if (usable.some(({ model_id: id }) => id === options.model)) return options.model;
		throw new UsageError(`There is no complete PyTorch model ${options.model}.`);
	}
	const sizes = usable.map((config) => ({ ...config, size: config.model_size_bytes ?? Infinity }));
	const [smallest] = sizes.sort((a, b) => a.size - b.size);
	if (smallest && smallest.size <= SMALL_BYTES) return smallest.model_id;
	if (options.readOnly) return undefined;
	throw new UsageError(
		smallest
			? `The smallest PyTorch model, ${smallest.model_id}, is large. Name it with --model if it may be started, or import a small one.`
			: 'There is no PyTorch model. Import a small one, e.g. with PUT _ml/trained_models/.multilingual-e5-small, and run this again.',
	);
}

/** Neither key nor host stands in what is printed and written. */
function hider(endpoint: string, apiKey: string | undefined): (text: string) => string {
	const { host, hostname } = new URL(endpoint);
	const secrets = [host, hostname];
	if (apiKey !== undefined) {
		const decoded = Buffer.from(apiKey, 'base64').toString();
		secrets.push(apiKey, decoded, ...decoded.split(':'));
	}
	const hidden = secrets.filter((text) => text.length > 3).sort((a, b) => b.length - a.length);
	return (text) => hidden.reduce((shown, secret) => shown.replaceAll(secret, '…'), text);
}
