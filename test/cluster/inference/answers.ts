import { refusal } from '../rest/errors';
import type { Model } from '../state/state';
import type { NlpTask } from '../types';
import { annotated, entitiesOf } from './entities';
import { classOf, fraction, topClasses, unitVector, wordsOf } from './likelihood';
import { DEFAULT_LABELS, type TaskOptions } from './tasks';

const MOST_WORDS = 510;
const EMBEDDING_SIZE = 384;
const FILLERS = ['data', 'people', 'time', 'search', 'water', 'money'];

type Answer = (text: string, model: Model, options: TaskOptions, field: string) => object;

/**
 * What a model says to a text: made up, but always the same for the same text, and in the shape of
 * its task (docs/elasticsearch-behaviour.md, "Inference").
 */
export function answerTo(text: string, model: Model, options: TaskOptions): object {
	if (model.infer_warning !== undefined) return { warning: model.infer_warning };
	const words = wordsOf(text);
	const most = model.max_words ?? MOST_WORDS;
	const isTruncated = words.length > most;
	if (isTruncated && options.truncate === 'none') {
		// Two tokens mark the beginning and the end of a text.
		throw refusal(
			400,
			`Input too large. The tokenized input length [${words.length + 2}] exceeds the maximum sequence length [${most + 2}]`,
		);
	}
	const read = isTruncated ? words.slice(0, most).join(' ') : text;
	const answer = ANSWERS[model.task](
		read,
		model,
		options,
		options.resultsField ?? 'predicted_value',
	);
	return { ...answer, ...(isTruncated && { is_truncated: true }) };
}

const ANSWERS: Record<NlpTask, Answer> = {
	text_classification: (text, model, { labels, topClasses: count = 0 }, field) =>
		classified(text, labels ?? model.labels ?? DEFAULT_LABELS, count, field),
	zero_shot_classification: (text, model, options, field) => {
		const labels = options.labels ?? model.labels ?? [];
		if (labels.length === 0) {
			throw refusal(400, 'zero_shot_classification requires non-empty [labels]');
		}
		return classified(text, labels, labels.length, field);
	},
	ner: (text, _model, _options, field) => {
		const entities = entitiesOf(text);
		return { [field]: annotated(text, entities), entities };
	},
	fill_mask: (text, _model, { topClasses: count = 0 }, field) => {
		const masks = text.split('[MASK]').length - 1;
		if (masks !== 1) {
			throw refusal(
				400,
				masks === 0
					? 'no [MASK] token could be found in the input'
					: 'only one [MASK] token should exist in the input',
			);
		}
		const answer = classified(text, FILLERS, count, field);
		const sequence = text.replace('[MASK]', classOf(text, FILLERS).name);
		return { ...answer, [`${field}_sequence`]: sequence };
	},
	text_embedding: (text, model, _options, field) => ({
		[field]: unitVector(text, model.embedding_size ?? EMBEDDING_SIZE),
	}),
	text_expansion: (text, _model, _options, field) => {
		const tokens = [...new Set(wordsOf(text.toLowerCase()))];
		const weights = tokens.map((token) => [token, 0.1 + 2 * fraction(token)] as const);
		return { [field]: Object.fromEntries(weights) };
	},
	text_similarity: (text, _model, options, field) => {
		if (options.text === undefined) throw refusal(400, '[text_similarity] requires [text]');
		const [mine, other] = [text, options.text].map((each) => new Set(wordsOf(each.toLowerCase())));
		const shared = [...mine].filter((word) => other.has(word)).length;
		return { [field]: 20 * (shared / Math.max(1, mine.size + other.size - shared)) - 10 };
	},
	question_answering: (text, _model, options, field) => {
		if (!options.question) throw refusal(400, '[question_answering] requires [question]');
		const asked = new Set(wordsOf(options.question.toLowerCase()));
		const fresh = wordsOf(text).filter((word) => !asked.has(word.toLowerCase()));
		const answer = fresh.sort((a, b) => b.length - a.length)[0] ?? '';
		const start = Math.max(0, text.indexOf(answer));
		return {
			[field]: answer,
			start_offset: start,
			end_offset: start + answer.length,
			prediction_probability: 0.5 + fraction(options.question + text) / 2,
		};
	},
	pass_through: (text, _model, _options, field) => ({
		[field]: [unitVector(text, 2)],
	}),
};

function classified(text: string, labels: readonly string[], count: number, field: string): object {
	const { name, probability } = classOf(text, labels);
	return {
		[field]: name,
		...(count > 0 && { top_classes: topClasses(text, labels).slice(0, count) }),
		prediction_probability: probability,
	};
}
