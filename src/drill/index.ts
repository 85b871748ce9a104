export {drillMachine} from './machine.ts';
export {planDrill} from './plan-drill.ts';
export {runDrill} from './run.ts';
export type * from './types.ts';
