import type { EmbeddedCluster } from '../cluster';
import type { Versions } from './versions';

/**
 * A request of a case. In paths and in texts, `{model}` stands for the PyTorch model of the run, and any
 * other `{name}` for an id of the run: its prefix, and the name.
 */
export interface Sent {
	method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	/** Sent as JSON. */
	body?: unknown;
	/** Sent to the letter, in place of `body`. */
	text?: string;
	/** undefined leaves a header out. */
	headers?: Record<string, string | undefined>;
	/** In place of the run's key: none at all, one that nobody made, or (embedded only) one with these privileges. */
	as?: 'nobody' | 'stranger' | { privileges: string[]; expired?: boolean };
}

export interface Reply {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	/** Parsed where it is JSON, else the text. */
	body: unknown;
}

/** What must come back. What is absent here may be anything. */
export interface Expected {
	/** Several where the page knows more than one. */
	status: number | number[];
	/** Of `error`. */
	type?: string;
	/** How `error.reason` begins, or `error` itself where that is a text. */
	reason?: string;
	/** A part of the reason, where its beginning is not fixed. */
	mentions?: string;
	/** Parts of the body, see shape.ts. */
	shape?: unknown;
	/** Headers by their lower-case name: how each begins. */
	headers?: Record<string, string>;
}

/** Something that only an embedded cluster can be told. */
export type Control = (
	cluster: EmbeddedCluster,
	id: (name: string) => string,
) => void | Promise<void>;

export interface Step {
	send: Sent;
	expect: Expected;
	/** Asked again until it is as expected, or until the run's patience ends. */
	until?: boolean;
	/** Happens before the request, which goes out only then. */
	first?: Control;
	/** Happens once the request is on its way, while the cluster still works on it. */
	meanwhile?: Control;
}

/** A deployment that a case needs; it is made through the API, of the run's model. */
export interface GivenDeployment {
	name: string;
	number_of_allocations?: number;
	threads_per_allocation?: number;
	priority?: 'low' | 'normal';
	queue_capacity?: number;
	cache_size?: string;
	adaptive_allocations?: {
		enabled: boolean;
		min_number_of_allocations?: number;
		max_number_of_allocations?: number;
	};
}

/** One way in which Elasticsearch answers: what is given, what is sent, what must come back. */
export interface Case {
	id: string;
	/** What it shows, in a few words. */
	says: string;
	/** Anchor of the heading in docs/elasticsearch-behaviour.md. */
	section: string;
	/** A passage of each row there that it shows, to the letter. */
	rows: string[];
	/** Default: every version. */
	versions?: Versions;
	given?: GivenDeployment[];
	/** What is given is not the same afterwards, so the next case gets its own. */
	changes?: boolean;
	/** Seeds and knobs before the first step. With it (or a step's) the case runs on an embedded cluster only. */
	embedded?: Control;
	steps: Step[];
}

/** Whether a case needs what only an embedded cluster has. */
export function needsEmbedded({ embedded, steps }: Case): boolean {
	return (
		embedded !== undefined ||
		steps.some(
			({ first, meanwhile, send }) =>
				first !== undefined || meanwhile !== undefined || typeof send.as === 'object',
		)
	);
}
