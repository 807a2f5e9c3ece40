import type { ICredentialTestRequest, IDataObject, INodeCredentialTestResult } from 'n8n-workflow';

type Rules = ICredentialTestRequest['rules'];

const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function valueAt(body: IDataObject | undefined, key: string): unknown {
	return key
		.split('.')
		.reduce<unknown>((value, part) => (isRecord(value) ? value[part] : undefined), body);
}

/** A test that got an answer: only the rules about the body can still fail it. */
export function passedTest(
	body: IDataObject | undefined,
	rules: Rules = [],
): INodeCredentialTestResult {
	for (const { type, properties } of rules) {
		if (type !== 'responseSuccessBody') continue;
		if (valueAt(body, properties.key) === properties.value) return failed(properties.message);
	}
	return { status: 'OK', message: 'Connection successful!' };
}

/** A test that threw: a rule for the status, else the status text, the network's code, the message. */
export function failedTest(error: unknown, rules: Rules = []): INodeCredentialTestResult {
	const { cause, message } = isRecord(error) ? error : { cause: undefined, message: error };
	if (isRecord(cause) && isRecord(cause.response)) {
		const { status, statusText } = cause.response;
		for (const { type, properties } of rules) {
			if (type === 'responseCode' && properties.value === status) return failed(properties.message);
		}
		return failed(String(statusText || `Received HTTP status code: ${String(status)}`));
	}
	if (isRecord(cause) && cause.code) return failed(String(cause.code));
	return failed(String(message));
}
