/** What was asked for, so that a message can name it. */
export interface Subject {
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

/** A slip of ours. */
export interface Unexpected {
	kind: 'unexpected';
	/** What was thrown. */
	cause: unknown;
}
