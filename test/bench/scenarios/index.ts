import type { Bench } from '../bench';
import type { Name } from '../options';
import type { Table } from '../table';
import { getMany } from './getMany';
import { infer } from './infer';
import { poll } from './poll';
import { stop } from './stop';
import { update } from './update';
import { wait } from './wait';

type Contest = (bench: Bench) => Promise<Table[]>;

/** What is measured with rounds of runs; the others begin processes of their own. */
export const scenarios: Record<Exclude<Name, 'installed' | 'manyItems'>, Contest> = {
	update,
	stop,
	getMany,
	infer,
	wait,
	poll,
};
