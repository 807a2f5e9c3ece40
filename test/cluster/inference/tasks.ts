import { ElasticError } from '../rest/errors';
import type { JsonNode } from '../rest/json';
import { booleanValue, intValue, readObject, stringValue, type FieldReaders } from '../rest/strict';
import type { NlpTask } from '../types';

/** What a request changes of a model's own settings. */
export interface TaskOptions {
	resultsField?: string;
	topClasses?: number;
	labels?: string[];
	question?: string;
	/** What `text_similarity` compares with. */
	text?: string;
	/** Which side of a text that is too long is cut; `none` refuses it. */
	truncate?: string;
}

/** `inference_config` of a request: a task, and what it changes. */
export interface TaskConfig {
	task: string;
	options: TaskOptions;
}

const KEYS: Record<NlpTask, string[]> = {
	text_classification: ['num_top_classes', 'classification_labels'],
	zero_shot_classification: ['labels', 'multi_label'],
	ner: [],
	fill_mask: ['num_top_classes'],
	text_embedding: [],
	text_expansion: [],
	text_similarity: ['text', 'span_score_combination_function'],
	question_answering: ['question', 'num_top_classes', 'max_answer_length'],
	pass_through: [],
};

/** Tasks of models that run without a deployment. */
const OTHER_TASKS = ['classification', 'regression'];

/** Reads `{"<task>": {…}}`; a task that does not exist, and a key that the task does not have, are 400. */
export function readTaskConfig(node: JsonNode): TaskConfig {
	const [field] = node.fields;
	if (node.kind !== 'object' || node.fields.length !== 1) {
		throw new ElasticError(
			400,
			'x_content_parse_exception',
			`[${node.at}] expected an object with one task`,
		);
	}
	const task = field.name;
	if (OTHER_TASKS.includes(task)) return { task, options: {} };
	if (!isTask(task)) {
		throw new ElasticError(
			400,
			'named_object_not_found_exception',
			`[${field.at}] unknown field [${task}]`,
		);
	}
	const options: TaskOptions = {};
	const readers = readersOf(options);
	const known = [...KEYS[task], 'results_field', 'tokenization'];
	readObject(
		field.node,
		`${task}_update`,
		Object.fromEntries(known.map((key) => [key, readers[key]])),
	);
	return { task, options };
}

function isTask(name: string): name is NlpTask {
	return Object.hasOwn(KEYS, name);
}

function readersOf(options: TaskOptions): FieldReaders {
	const words = (node: JsonNode): string[] => node.items.map(stringValue);
	return {
		results_field: (node) => void (options.resultsField = stringValue(node)),
		num_top_classes: (node) => void (options.topClasses = intValue(node)),
		classification_labels: (node) => void (options.labels = words(node)),
		labels: (node) => void (options.labels = words(node)),
		multi_label: (node) => void booleanValue(node),
		question: (node) => void (options.question = stringValue(node)),
		max_answer_length: (node) => void intValue(node),
		text: (node) => void (options.text = stringValue(node)),
		span_score_combination_function: (node) => void stringValue(node),
		// `{"bert": {"truncate": "first", "span": …}}`
		tokenization: (node) => void (options.truncate = truncateOf(node)),
	};
}

function truncateOf(node: JsonNode): string | undefined {
	const truncate = node.fields[0]?.node.fields.find(({ name }) => name === 'truncate');
	return truncate && stringValue(truncate.node);
}

/** The settings of a task, as a model's `inference_config` shows them. */
export function taskSettings(task: NlpTask, labels: readonly string[] | undefined): object {
	const common = {
		vocabulary: { index: '.ml-inference-native-000002' },
		tokenization: {
			bert: {
				do_lower_case: true,
				with_special_tokens: true,
				max_sequence_length: 512,
				truncate: 'first',
				span: -1,
			},
		},
	};
	const own: Partial<Record<NlpTask, object>> = {
		text_classification: {
			classification_labels: labels ?? DEFAULT_LABELS,
			num_top_classes: 0,
		},
		zero_shot_classification: {
			classification_labels: ['entailment', 'neutral', 'contradiction'],
			hypothesis_template: 'This example is {}.',
			multi_label: false,
			...(labels && { labels }),
		},
		ner: { classification_labels: ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG'] },
		fill_mask: { num_top_classes: 0 },
		question_answering: { num_top_classes: 0, max_answer_length: 15 },
		text_similarity: { span_score_combination_function: 'max' },
	};
	return { [task]: { ...common, ...own[task] } };
}

export const DEFAULT_LABELS = ['NEGATIVE', 'POSITIVE'];
