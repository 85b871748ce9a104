import {apply} from './apply.ts';
import type {Topic} from './case.ts';
import {patches} from './patches.ts';
import {reads} from './reads.ts';
import {writes} from './writes.ts';

/** Everything that is played. */
export const topics: readonly Topic[] = [reads, writes, patches, apply];
