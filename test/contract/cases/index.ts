import type { Case } from '../case';
import { adaptiveCases } from './adaptive';
import { endpointCases } from './endpoints';
import { inferenceCases } from './inference';
import { mishapCases } from './mishaps';
import { restCases } from './rest';
import { securityCases } from './security';
import { startCases } from './start';
import { startStates } from './startStates';
import { statsCases } from './stats';
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
	...startCases,
	...startStates,
	...statsCases,
	...securityCases,
	...restCases,
	...adaptiveCases,
	...endpointCases,
	...inferenceCases,
	...mishapCases,
];
