import {apply} from './apply.ts';
import type {Topic} from './case.ts';
import {deletions} from './deletions.ts';
import {namespaces} from './namespaces.ts';
import {patches} from './patches.ts';
import {paths} from './paths.ts';
import {pods} from './pods.ts';
import {reads} from './reads.ts';
import {watches} from './watches.ts';
import {workloads} from './workloads.ts';
import {writes} from './writes.ts';

/** Everything that is played. */
export const topics: readonly Topic[] = [
  reads,
  writes,
  patches,
  apply,
  paths,
  deletions,
  watches,
  pods,
  workloads,
  namespaces,
];
