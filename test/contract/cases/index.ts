import type { Case } from '../case';
import { stopCases } from './stop';
import { stopStates } from './stopStates';
import { updateCases } from './update';
import { updateRefusals } from './updateRefusals';
import { updateStates } from './updateStates';

/** All cases, by subject. */
export const cases: Case[] = [
	...updateCases,
	...updateRefusals,
	...updateStates,
	...stopCases,
	...stopStates,
];
