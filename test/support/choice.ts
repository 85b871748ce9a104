import process from 'node:process';
import {createRandom} from '../../src/io/random.ts';

/** How many points or cases a campaign plays: a variable of the environment, or what it plays without. */
export function campaignSize(variable: string, usual: number): number {
  const given = Number(process.env[variable]);
  return Number.isInteger(given) && given > 0 ? given : usual;
}

/** Which cases a campaign plays when it does not play all: another number each time, so that all have their turn. */
export const campaignSeed = Number(process.env.KUBEDRILL_CAMPAIGN_SEED ?? 0);

/** So many of the items, one from each stretch, by the seed; all of them when there are no more. */
export function share<T>(items: readonly T[], size: number): T[] {
  const random = createRandom(campaignSeed);
  const step = items.length / size;
  if (step <= 1) return [...items];
  return Array.from({length: size}, (_, index) => items[Math.floor((index + random.next()) * step)] as T);
}

/** The one case to play instead: what a failure has printed. */
export function onlyCase<Case>(): Case[] | undefined {
  const given = process.env.KUBEDRILL_CAMPAIGN_CASE;
  return given === undefined ? undefined : [JSON.parse(given)];
}

/** How to play the same cases again, and one alone. */
export const playAgain = (variable: string, size: number): string =>
  `again with KUBEDRILL_CAMPAIGN_SEED=${campaignSeed} ${variable}=${size}, or one case with KUBEDRILL_CAMPAIGN_CASE=JSON`;
