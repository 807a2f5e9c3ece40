import type { Case } from '../case';
import { updateCases } from './update';

/** All cases, by subject. */
export const cases: Case[] = [...updateCases];
