import { ElasticError, StringError } from './errors';
import type { Features } from '../settings/versions';

const JSON_TYPES = ['application/json', 'application/vnd.elasticsearch+json'];
const BODY_TYPES = [
	...JSON_TYPES,
	'application/x-ndjson',
	'application/vnd.elasticsearch+x-ndjson',
	'application/yaml',
	'application/cbor',
	'application/smile',
];
const ACCEPTED = [...BODY_TYPES, 'text/plain', 'text/csv', '*/*', 'application/*'];

interface MediaType {
	name: string;
	compatibleWith?: number;
}

function parse(header: string): MediaType {
	const [name, ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
	const version = parameters.find((part) => part.startsWith('compatible-with='));
	return { name, ...(version && { compatibleWith: Number(version.split('=')[1]) }) };
}

/** Refuses a body without JSON's content type (406, never 415) and versions that the cluster doesn't speak. */
export function checkMediaTypes(
	contentType: string | undefined,
	accept: string | undefined,
	hasBody: boolean,
	features: Features,
): void {
	if (hasBody) {
		if (!contentType) throw new StringError(406, 'Content-Type header is missing');
		if (!BODY_TYPES.includes(parse(contentType).name)) {
			throw new StringError(406, `Content-Type header [${contentType}] is not supported`);
		}
		checkVersion('Content-Type', contentType, features);
	}
	// A list is what browsers and generic clients send; Elasticsearch takes it for "anything".
	if (!accept || accept.includes(',')) return;
	if (!ACCEPTED.includes(parse(accept).name)) {
		throw mediaTypeError(`Invalid media-type value on headers [Accept]`);
	}
	checkVersion('Accept', accept, features);
}

function checkVersion(header: string, value: string, { major }: Features): void {
	const { compatibleWith } = parse(value);
	if (compatibleWith === undefined) return;
	if (compatibleWith === major || compatibleWith === major - 1) return;
	throw mediaTypeError(
		`${header} version must be either version ${major} or ${major - 1}, but found ${compatibleWith}. ${header}=${value}`,
	);
}

function mediaTypeError(reason: string): ElasticError {
	return new ElasticError(400, 'media_type_header_exception', reason);
}

/** The content type of an answer: the one asked for where it names a compatible version. */
export function answerType(accept: string | undefined): string {
	const { name, compatibleWith } = parse(accept ?? '');
	if (name === JSON_TYPES[1] && compatibleWith) return `${name};compatible-with=${compatibleWith}`;
	return JSON_TYPES[0];
}
