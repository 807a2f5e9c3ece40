import { VERSIONS, type ClusterVersion } from '../../cluster';
import type { Difference } from './check';

/** Where the types of a client are not what a cluster of these versions answers, and the cluster is right. */
export interface Known {
	of: string;
	kind: Difference['kind'];
	profiles: readonly ClusterVersion[];
	reason: string;
	/** A heading of docs/elasticsearch-behaviour.md, or a class of Elasticsearch. */
	source: string;
}

const EIGHT: readonly ClusterVersion[] = ['8.6', '8.12', '8.16', '8.19'];
const NINE: readonly ClusterVersion[] = ['9.0', '9.2', '9.5', 'serverless'];

/**
 * Every entry must still differ in each of its versions: one that no longer does is taken out. The types are
 * those of the newest patch of a client's major version, so a part of the list is what older versions lack.
 */
export const KNOWN: Known[] = [
	{
		of: 'ErrorResponseBase.error',
		kind: 'wrong',
		profiles: VERSIONS,
		reason: 'An error may be a mere text; the specification knows the object only.',
		source: '"REST: the envelope"',
	},
	{
		of: 'ErrorResponseBase.status',
		kind: 'missing',
		profiles: VERSIONS,
		reason: 'The answer of a path that no route has is without a status.',
		source: '"REST: the envelope"',
	},
	{
		of: 'MlTrainedModelDeploymentStats.deployment_id',
		kind: 'missing',
		profiles: ['8.6'],
		reason: 'Deployments have ids of their own from 8.8 on.',
		source: '"Versions: timeline"',
	},
	{
		of: 'MlTrainedModelAssignmentTaskParameters.deployment_id',
		kind: 'missing',
		profiles: ['8.6'],
		reason: 'Deployments have ids of their own from 8.8 on.',
		source: '"Versions: timeline"',
	},
	...['per_deployment_memory_bytes', 'per_allocation_memory_bytes'].map((name): Known => ({
		of: `MlTrainedModelAssignmentTaskParameters.${name}`,
		kind: 'missing',
		profiles: ['8.6'],
		reason: 'The memory of each allocation is counted from 8.11 on.',
		source: '"Update: the answer"',
	})),
	{
		of: 'InferenceGetResponse.endpoints',
		kind: 'missing',
		profiles: ['8.12'],
		reason: 'Before 8.15 the list is called models.',
		source: '"Inference endpoints"',
	},
	{
		of: 'InferenceGetResponse.models',
		kind: 'unknown',
		profiles: ['8.12'],
		reason: 'Before 8.15 the list is called models.',
		source: '"Inference endpoints"',
	},
	{
		of: 'SecurityAuthenticateAuthenticateApiKey.managed_by',
		kind: 'missing',
		profiles: ['9.0'],
		reason: 'It is there from about 9.1 on; the client describes 9.4.',
		source: '"Security: asking about oneself"',
	},
	{
		of: 'MlInferenceResponseResult.predicted_value',
		kind: 'wrong',
		profiles: VERSIONS,
		reason:
			'Text expansion gives an object of tokens and their weights; the type knows scalars and lists.',
		source: '`TextExpansionResults.doXContentBody`',
	},
	...['start_offset', 'end_offset'].map((name): Known => ({
		of: `MlInferenceResponseResult.${name}`,
		kind: 'unknown',
		profiles: VERSIONS,
		reason: 'Question answering says where the answer stands; the type lacks it.',
		source: '`QuestionAnsweringInferenceResults.doXContentBody`',
	})),
	...['create_time_string', 'model_size'].map((name): Known => ({
		of: `MlTrainedModelConfig.${name}`,
		kind: 'unknown',
		profiles: VERSIONS,
		reason: 'With human=true; the types of the clients describe no answer of that parameter.',
		source: '"Stats: shape of an entry"',
	})),
	{
		of: 'MlZeroShotClassificationInferenceOptions.vocabulary',
		kind: 'unknown',
		profiles: VERSIONS,
		reason: 'The vocabulary is printed for each task of language; the type lacks it for this one.',
		source: '`ZeroShotClassificationConfig.toXContent`',
	},
	{
		of: 'MlQuestionAnsweringInferenceOptions.vocabulary',
		kind: 'unknown',
		profiles: VERSIONS,
		reason: 'The vocabulary is printed for each task of language; the type lacks it for this one.',
		source: '`QuestionAnsweringConfig.toXContent`',
	},
	...[
		{ of: 'MlInferenceConfigCreateContainer.text_similarity', profiles: EIGHT },
		{ of: 'MlTrainedModelConfig.inference_config.text_similarity', profiles: NINE },
	].map((entry): Known => ({
		...entry,
		kind: 'unknown',
		reason: 'The specification has no configuration of this task, which the reranker has.',
		source: '`TextSimilarityConfig.toXContent`',
	})),
];
