import type {Api} from './api.ts';

/** A call or a sequence of calls, played against practice and a real cluster alike. */
export interface Case {
  name: string;
  play(api: Api): Promise<unknown>;
}

/** Cases that belong together and share a namespace, with what they all need in it. */
export interface Topic {
  name: string;
  /** What is there before any of the cases is played. */
  prepare?(api: Api): Promise<unknown>;
  cases: readonly Case[];
}

/** Cases by their names. */
export const cases = (all: Readonly<Record<string, Case['play']>>): Case[] =>
  Object.entries(all).map(([name, play]) => ({name, play}));
