export {type PracticeCluster, type PracticeOptions, startPractice} from './cluster.ts';
export {machineAnnotation} from './machineServer.ts';
export {listenAnnotation} from './network/network.ts';
export type {ContainerProgram} from './program.ts';
