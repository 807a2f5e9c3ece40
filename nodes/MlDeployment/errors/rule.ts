import type { Failure } from '../../elasticsearch/transport/failure';

/** What was being done when the request failed. */
export interface Subject {
	/** For the message: `update`, `stop`, `start`, `read`. */
	doing: 'update' | 'stop' | 'start' | 'read';
	deploymentId?: string;
	modelId?: string;
}

/** A failure in words. */
export interface Explanation {
	/** What happened, to which deployment. */
	message: string;
	/** What to do next, with the option or privilege to change. */
	next: string;
}

/** One line of the table. */
export interface Row {
	status: number | readonly number[];
	/** Found in the cluster's reason; a row without it takes every reason. */
	reason?: RegExp;
	/** Only while doing this. */
	doing?: Subject['doing'];
	message: (it: string, failure: Failure, subject: Subject) => string;
	next: string;
}
