import { UNKNOWN_MODEL_ID } from './errorRows';
import type { Row } from './rule';

const START = 'start' as const;

/** What `_start` alone answers (docs/elasticsearch-behaviour.md, "Start: errors"). */
export const START_ROWS: readonly Row[] = [
	{
		status: 404,
		doing: START,
		reason: /Could not find trained model definition/,
		message: (_it, _failure, { modelId }) =>
			`The definition of the model '${modelId}' is not complete, so it cannot be deployed`,
		next: 'Import the model again (eland, or Kibana: Machine Learning > Trained Models)',
	},
	{
		status: 404,
		doing: START,
		reason: UNKNOWN_MODEL_ID,
		message: (_it, _failure, { modelId }) => `There is no trained model called '${modelId}'`,
		next: "Pick it from the list of 'Model'. Elastic's own models have to be downloaded first (Kibana: Machine Learning > Trained Models)",
	},
	{
		status: 400,
		doing: START,
		reason: /Only PyTorch models can be deployed/,
		message: (_it, _failure, { modelId }) =>
			`The model '${modelId}' cannot be deployed: only PyTorch models can`,
		next: 'Other models work in ingest pipelines without a deployment',
	},
	{
		status: 400,
		doing: START,
		reason: /cannot deploy more than one model/,
		message: () => 'The id means several models',
		next: 'Enter the id of one model',
	},
	{
		status: 400,
		doing: START,
		reason: /same as an another model/,
		message: (it) => `${it} cannot be called so: that is the id of another model`,
		next: "Choose another 'New Deployment ID'",
	},
	{
		status: 400,
		doing: START,
		reason: /Inference endpoint IDs must be unique/,
		message: (it) => `${it} cannot be called so: an inference endpoint has that id`,
		next: "Choose another 'New Deployment ID', or use the inference endpoint",
	},
	{
		status: 400,
		doing: START,
		reason: /unrecognized parameters?: .*\[deployment_id\]/,
		message: (it) => `${it} was not started: on this cluster a deployment is called like its model`,
		next: "IDs of their own exist from Elasticsearch 8.8 on. Remove the option 'New Deployment ID', or upgrade the cluster",
	},
	{
		status: 400,
		doing: START,
		reason: /unrecognized parameters?: .*\[priority\]/,
		message: (it) => `${it} was not started: this cluster knows no priorities`,
		next: "They exist from Elasticsearch 8.6 on. Remove the option 'Priority'",
	},
	{
		status: 400,
		doing: START,
		reason: /when \[?priority\]? is \[?low/i,
		message: (it) => `${it} was not started: low priority allows 1 allocation with 1 thread only`,
		next: "Set both to 1, or remove the option 'Priority'. In a restore object, correct what is named below, or set its priority to normal",
	},
	{
		status: 400,
		doing: START,
		reason: /cannot be set if adaptive allocations is enabled/,
		message: (it) =>
			`${it} was not changed: its adaptive allocations are on, which rules out a fixed number`,
		next: "Start it with adaptive allocations, with equal bounds to hold a number, or change it with the operation Scale and its option 'When Adaptive'",
	},
	{
		status: 400,
		doing: START,
		reason: /must not be larger than \[max_number_of_allocations\]/,
		message: (it) => `${it} was not started: its minimum of allocations is above its maximum`,
		next: "Correct 'Minimum' or 'Maximum Number of Allocations', or the bounds in the restore object",
	},
	{
		status: 400,
		doing: START,
		reason: /\[queue_capacity\] must be less than/,
		message: (it) => `${it} was not started: its queue may hold 100000 requests at most`,
		next: "Lower the option 'Queue Capacity', or 'queue_capacity' in the restore object",
	},
	{
		status: 400,
		doing: START,
		reason: /definition truncated/i,
		message: (_it, _failure, { modelId }) =>
			`The definition of the model '${modelId}' is cut off, so it cannot be deployed`,
		next: 'Delete the model and import it again',
	},
	{
		status: 400,
		doing: START,
		reason: /does not support having a body|request body|unknown field \[adaptive_allocations\]/,
		message: (it) => `${it} was not started: this cluster knows no adaptive allocations`,
		next: "They exist from Elasticsearch 8.16 on. Choose the 'Allocation Mode' Fixed, or upgrade the cluster",
	},
	{
		status: 400,
		doing: START,
		reason: /was removed while waiting/,
		message: (it) => `${it} was stopped while it started`,
		next: 'Find out who stopped it (another workflow, Kibana), then start it again',
	},
	{
		status: 408,
		doing: START,
		reason: /download task is currently running/,
		message: (_it, _failure, { modelId }) => `The model '${modelId}' is still being downloaded`,
		next: 'Start it when the download is done; it takes minutes',
	},
	{
		status: 409,
		doing: START,
		reason: /feature reset is in progress/,
		message: (it) => `${it} was not started: machine learning is being reset`,
		next: 'Run this again when the reset is done',
	},
	{
		status: 429,
		doing: START,
		reason: /reached the limit of/,
		message: (it) => `${it} was not started: the cluster has as many deployments as it may have`,
		next: 'Stop one first, or raise the limit on the cluster',
	},
	{
		status: 429,
		doing: START,
		reason: /no ML nodes|not enough resources|no suitable nodes/,
		message: (it) => `${it} was not started: the machine learning nodes have no room for it`,
		next: 'Ask for fewer allocations or threads, stop other deployments, add machine learning nodes, or turn autoscaling on. Trying again alone does not help',
	},
	{
		status: 500,
		doing: START,
		reason: /following nodes failed/,
		message: (it) => `${it} did not start: its process failed on the machine learning nodes`,
		next: "The nodes' reasons are said below. Often there is too little memory, or the model is not meant for this version",
	},
	{
		status: 500,
		doing: START,
		reason: /does not have location/,
		message: (_it, _failure, { modelId }) =>
			`The model '${modelId}' has no stored definition, so it cannot be deployed`,
		next: 'Import the model again',
	},
];
