export type {AccessAttributes, Deny} from './api/access.ts';
export {practiceVersion} from './bootstrap.ts';
export {type PracticeCluster, type PracticeOptions, startPractice} from './cluster.ts';
export {defaultLatencies, type Latencies} from './latencies.ts';
export {listenAnnotation} from './network/network.ts';
export type {ContainerContext, ContainerProgram} from './program.ts';
