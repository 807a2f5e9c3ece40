import { startCluster, type ClusterVersion, type EmbeddedCluster } from '../../cluster';
import { featuresOf, type Features } from '../../cluster/settings/versions';
import { Client } from '../client';
import type { Sent } from '../case';
import { responseType, ROUTES } from './responses';
import { errorScenes, scenes, type Scene } from './scenes';

/** What a cluster answered on one of its routes. */
export interface Answer {
	profile: ClusterVersion;
	/** `GET /_inference/:id` */
	route: string;
	client: 8 | 9;
	type: string;
	status: number;
	body: unknown;
}

/** Serverless is newer than every version. */
export const clientOf = ({ serverless, major }: Features): 8 | 9 => (serverless ? 9 : major);

/** Everything that the embedded cluster of a version has to say, about once each. */
export async function answersOf(profile: ClusterVersion): Promise<Answer[]> {
	const features = featuresOf(profile);
	const found = new Map<string, Answer>();
	for (const scene of [...scenes(features), ...errorScenes(features)]) {
		for (const answer of await play(scene, features)) {
			found.set(`${answer.route} ${shapeOf(answer)}`, answer);
		}
	}
	return [...found.values()];
}

/** Two answers with the same shape are one to a type: their numbers differ, and the prose of errors. */
export function shapeOf({ client, type, body }: Answer): string {
	const isError = type === 'ErrorResponseBase';
	const shape = JSON.stringify(body, (_, value: unknown) => {
		if (typeof value === 'number') return 0;
		return isError && typeof value === 'string' ? '' : value;
	});
	return `${client} ${type} ${shape}`;
}

async function play(scene: Scene, features: Features): Promise<Answer[]> {
	const cluster = await startCluster({ version: features.version, ...scene.options });
	const client = new Client({ endpoint: cluster.endpoint, apiKey: cluster.apiKey });
	const { username, password } = cluster.user;
	const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
	const byUser = scene.byUser?.map((sent) => ({ ...sent, headers: { authorization } })) ?? [];
	const put = async (sent: Sent) => await ask(cluster, client, sent, features);
	try {
		scene.seed?.(cluster);
		if (scene.atOnce) return await Promise.all(scene.requests.map(put));
		const answers: Answer[] = [];
		for (const sent of [...byUser, ...scene.requests]) answers.push(await put(sent));
		return answers;
	} finally {
		await cluster.close();
		await client.close();
	}
}

async function ask(
	cluster: EmbeddedCluster,
	client: Client,
	sent: Sent,
	features: Features,
): Promise<Answer> {
	const key = typeof sent.as === 'object' ? cluster.createApiKey(sent.as) : undefined;
	const { status, body } = await client.send(sent, key);
	const route = routeOf(sent, features);
	const type = responseType(route, status);
	return { profile: features.version, route, client: clientOf(features), type, status, body };
}

/** The route that takes a request; a path that no route of the version has bears its own name. */
function routeOf({ method, path }: Sent, features: Features): string {
	const [given] = path.split('?');
	const fits = ROUTES.filter(
		(route) => route.method === method && (route.since?.(features) ?? true),
	).filter((route) => new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(given));
	// Words go before placeholders, as in the router.
	const placeholders = (name: string): number => name.split(':').length;
	return (
		fits.map(({ name }) => name).sort((a, b) => placeholders(a) - placeholders(b))[0] ??
		`${method} ${given}`
	);
}
