import type { EmbeddedCluster, ModelSeed } from './types';

const MINUTE = 60_000;
const ELSER: ModelSeed = { model_id: '.elser_model_2', size_bytes: 438_123_914 };
const E5: ModelSeed = {
	model_id: '.multilingual-e5-small',
	size_bytes: 236_048_384,
	task: 'text_embedding',
};
const NER: ModelSeed = {
	model_id: 'elastic__distilbert-base-uncased-finetuned-conll03-english',
	size_bytes: 265_632_637,
	task: 'ner',
};

/** One deployment of every kind that a user meets. */
export function addSampleDeployments(cluster: EmbeddedCluster): void {
	const now = cluster.now();
	for (const model of [ELSER, E5, NER]) cluster.addModel(model);

	// A fixed number, named like its model.
	cluster.addDeployment({
		deployment_id: NER.model_id,
		model_id: NER.model_id,
		queue_capacity: 1024,
		start_time: now - 3 * 24 * 60 * MINUTE,
		last_access: now - 47 * MINUTE,
		inference_count: 1204,
	});
	// Two of one model: one adaptive with traffic, one fixed that a pipeline names.
	cluster.addDeployment({
		deployment_id: 'elser-search',
		model_id: ELSER.model_id,
		number_of_allocations: 2,
		adaptive_allocations: {
			enabled: true,
			min_number_of_allocations: 1,
			max_number_of_allocations: 4,
		},
		load: 1.75,
		start_time: now - 6 * 60 * MINUTE,
		last_access: now - 900,
		inference_count: 88_310,
		throughput_last_minute: 1050,
	});
	cluster.addDeployment({
		deployment_id: 'elser-ingest',
		model_id: ELSER.model_id,
		number_of_allocations: 2,
		start_time: now - 26 * 60 * MINUTE,
		last_access: now - 3 * 60 * MINUTE,
		inference_count: 41_007,
	});
	cluster.addPipeline({ id: 'enrich-articles', model_id: 'elser-ingest' });
	// For trials: low priority.
	cluster.addDeployment({
		deployment_id: 'e5-trial',
		model_id: E5.model_id,
		priority: 'low',
		cache_size: '1.5kb',
		start_time: now - 90 * MINUTE,
	});
	cluster.addAlias({ model_alias: 'e5', model_id: E5.model_id });
	// Scaled to zero.
	cluster.addDeployment({
		deployment_id: 'e5-weekend',
		model_id: E5.model_id,
		number_of_allocations: 0,
		adaptive_allocations: { enabled: true, min_number_of_allocations: 0 },
		start_time: now - 2 * 24 * 60 * MINUTE,
	});
	// A default inference endpoint and the deployment that it owns.
	cluster.addInferenceEndpoint({
		inference_id: '.elser-2-elasticsearch',
		model_id: ELSER.model_id,
		default: true,
	});
}
