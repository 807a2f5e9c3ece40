import { ROWS } from './errorRows';
import type { Explanation, Row, Subject } from './rule';
import { lower } from './wording';
import { explainNoAnswer } from './connectionErrors';
import type { Failure } from '../../elasticsearch/transport/failure';
import { START_ROWS } from './startErrorRows';

/** Tells what a failure means for the user. Every failure gets an explanation. */
export function explain(failure: Failure, asked: Subject): Explanation {
	const noAnswer = explainNoAnswer(failure);
	// What fails while it is only looked at is about reading.
	const subject: Subject = failure.method === 'GET' ? { ...asked, doing: 'read' } : asked;
	if (noAnswer !== undefined) return noAnswer;
	const row = [...START_ROWS, ...ROWS].find((each) => fits(each, failure, subject));
	const it = nameOf(subject);
	const { message, next } =
		row === undefined
			? {
					message: `Elasticsearch answered with status ${failure.status} to the request to ${subject.doing} ${lower(it)}`,
					next: 'Look at the state of the deployment with the operation Get before running this again',
				}
			: {
					message: row.message(it, failure, subject),
					next: row.next,
				};
	return { message, next: withReason(next, failure.reason ?? failure.type) };
}

function fits(row: Row, failure: Failure, subject: Subject): boolean {
	const status = failure.status ?? 0;
	const statuses = typeof row.status === 'number' ? [row.status] : row.status;
	return (
		statuses.includes(status) &&
		(row.doing === undefined || row.doing === subject.doing) &&
		(row.reason === undefined || row.reason.test(failure.reason ?? ''))
	);
}

function withReason(next: string, reason: string | undefined): string {
	return reason ? `${next}. Elasticsearch said: ${reason.replace(/;\s*$/, '')}` : next;
}

function nameOf(subject: Subject): string {
	if (subject.deploymentId !== undefined) return `The deployment '${subject.deploymentId}'`;
	return subject.modelId !== undefined ? `The model '${subject.modelId}'` : 'The deployment';
}
