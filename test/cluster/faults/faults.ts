import type { FaultRule } from '../types';

interface Armed {
	rule: FaultRule;
	left: number;
	skip: number;
}

/** Scripted trouble, matched request by request in the order in which it was scripted. */
export class Faults {
	private armed: Armed[] = [];

	add(rule: FaultRule): void {
		this.armed.push({ rule, left: rule.times ?? 1, skip: rule.skip ?? 0 });
	}

	clear(): void {
		this.armed = [];
	}

	/** What hits this request: any number of delays and effects, then at most one end. */
	take(method: string, path: string): FaultRule[] {
		const hits: FaultRule[] = [];
		for (const entry of [...this.armed]) {
			if (!matches(entry.rule, method, path)) continue;
			if (entry.skip > 0) {
				entry.skip--;
				continue;
			}
			if (entry.rule.kind === 'refuse') continue;
			entry.left--;
			if (entry.left <= 0) this.armed = this.armed.filter((other) => other !== entry);
			hits.push(entry.rule);
			if (endsRequest(entry.rule)) break;
		}
		return hits;
	}

	/** A scripted refusal whose turn has come: the port closes now. */
	takeRefusal(): Extract<FaultRule, { kind: 'refuse' }> | undefined {
		for (const entry of this.armed) {
			if (entry.rule.kind !== 'refuse' || entry.skip > 0) continue;
			this.armed = this.armed.filter((other) => other !== entry);
			return entry.rule;
		}
		return undefined;
	}
}

function matches(rule: FaultRule, method: string, path: string): boolean {
	if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
	if (rule.path === undefined) return true;
	return typeof rule.path === 'string' ? path.includes(rule.path) : rule.path.test(path);
}

/** Whether the request gets no ordinary answer any more. */
export function endsRequest(rule: FaultRule): boolean {
	return rule.kind !== 'latency' && rule.kind !== 'effect';
}
