import { masterNotDiscovered } from '../rest/errors';
import type { ClusterState } from '../state/state';

/** Waits for an elected master as `_update` and `_start` do, then 503 (docs/elasticsearch-behaviour.md, "REST: situations"). */
export async function requireMaster(state: ClusterState, timeoutMs?: number): Promise<void> {
	if (state.knobs.masterPresent) return;
	const wait = timeoutMs ?? state.knobs.masterTimeoutMs;
	if (wait > 0) await state.clock.sleep(wait);
	if (!state.knobs.masterPresent) throw masterNotDiscovered();
}
