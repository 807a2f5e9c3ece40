import { refusalOf, type RefusalCode } from '../../elasticsearch/api/refusals';
import type { FlowFailure } from '../../elasticsearch/flows/failure';
import {
	reasonOf,
	statusOf,
	type Failure,
	type Purpose,
} from '../../elasticsearch/transport/failure';
import { explainNoAnswer } from './connectionErrors';
import { explainSelection } from './inputErrors';
import { MESSAGES } from './messages';
import { MESSAGES_FOR } from './purposeMessages';
import { explainProblem } from './problems';
import { inShort, type Explanation, type Subject, type Unexpected } from './rule';

/** What a request does to a deployment. */
const VERBS: Readonly<Record<Purpose, string>> = {
	read: 'read',
	start: 'start',
	update: 'update',
	stop: 'stop',
	infer: 'ask',
	clearCache: 'clear the cache of',
};

/** Explains a failure to the user. Every failure has an explanation. */
export function explain(failure: FlowFailure | Unexpected, subject: Subject = {}): Explanation {
	const { meant, endpoint } = subject;
	const explanation = inShort({
		...explainFailure(failure, subject),
		...(endpoint && explainOrphan(subject.deploymentId ?? endpoint.id, endpoint)),
	});
	if (meant === undefined) return explanation;
	return { ...explanation, next: `Did you mean '${meant}'? ${explanation.next}` };
}

/** docs/elasticsearch-behaviour.md, "Inference endpoints: orphans" */
function explainOrphan(
	id: string,
	{ id: endpoint, modelId, isDefault }: NonNullable<Subject['endpoint']>,
): Pick<Explanation, 'message' | 'next'> {
	const message = `The inference endpoint '${endpoint}' has no deployment: '${id}' is not there`;
	if (isDefault) {
		const next = "It is one of Elasticsearch's own, so its first request starts the deployment";
		return { message, next };
	}
	const model = modelId === null ? 'its model' : `the model '${modelId}'`;
	return {
		message,
		next: `Requests to it fail. Start ${model} with the 'New Deployment ID' '${id}', or delete the endpoint`,
	};
}

function explainFailure(failure: FlowFailure | Unexpected, subject: Subject): Explanation {
	switch (failure.kind) {
		case 'unexpected':
			return {
				message: `The node met something that it was not built for: ${messageOf(failure.cause)}`,
				next: 'Please report this with the steps that led to it',
			};
		case 'problem':
			return { ...explainProblem(failure.problem), said: saidBy(failure.of) };
		case 'selection':
			return explainSelection(failure.problem, failure.mayAllow);
		case 'foreseen':
			return explainRefusal(failure.refusal, failure.purpose, subject);
		case 'response': {
			return { ...explainResponse(failure, subject), said: saidBy(failure) };
		}
		default:
			return explainNoAnswer(failure);
	}
}

/** The HTTP status and the cluster's reason behind a failure, if there are any. */
export function factsOf(failure: FlowFailure | Unexpected): { status?: number; reason?: string } {
	switch (failure.kind) {
		case 'problem': {
			const isAbsent = 'look' in failure.problem;
			if (failure.of === undefined) return isAbsent ? { status: 404 } : {};
			return factsOf(failure.of);
		}
		case 'unexpected':
		case 'selection':
		case 'foreseen':
			return {};
		default: {
			const type = failure.kind === 'response' ? failure.type : undefined;
			return { status: statusOf(failure), reason: reasonOf(failure) ?? type };
		}
	}
}

function explainResponse(
	failure: Extract<Failure, { kind: 'response' }>,
	subject: Subject,
): Explanation {
	const refusal = refusalOf(failure);
	if (refusal !== undefined) return explainRefusal(refusal, failure.purpose, subject);
	return {
		message: `Elasticsearch answered with status ${failure.status} to the request to ${VERBS[failure.purpose]} ${lower(nameOf(subject))}`,
		next: 'Look at the state of the deployment with the operation Get before running this again',
	};
}

function explainRefusal(refusal: RefusalCode, purpose: Purpose, subject: Subject): Explanation {
	const { message, next } = MESSAGES_FOR[purpose]?.[refusal] ?? MESSAGES[refusal];
	const name = nameOf(subject);
	const parts: Readonly<Record<string, string>> = {
		It: name,
		it: lower(name),
		id: subject.deploymentId ?? '',
		model: subject.modelId ?? '',
		doing: VERBS[purpose],
	};
	return { message: message.replace(/\{(\w+)\}/g, (_whole, part: string) => parts[part]), next };
}

/** What Elasticsearch said, without a last semicolon, which hangs loose in some of its reasons. */
function saidBy(failure: Failure | undefined): string | undefined {
	if (failure?.kind !== 'response') return undefined;
	const said = failure.reason ?? failure.type;
	return said === undefined || said === '' ? undefined : said.replace(/;\s*$/, '');
}

function nameOf(subject: Subject): string {
	if (subject.deploymentId !== undefined) return `The deployment '${subject.deploymentId}'`;
	return subject.modelId !== undefined ? `The model '${subject.modelId}'` : 'The deployment';
}

/** The words as they stand within a sentence. */
function lower(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}

function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}
