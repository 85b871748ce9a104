export {requestAbort, requestAbortByLease} from './abort.ts';
export {drillMachine} from './machine.ts';
export {permissionsOffline} from './plan/offline.ts';
export {rbacObjects} from './plan/rbac.ts';
export {planDrill} from './plan-drill.ts';
export {type RollbackRequest, type RollbackResult, rollbackRun} from './rollback.ts';
export {runDrill} from './run.ts';
export {type RunState, type RunStatus, statusOf} from './state.ts';
export type * from './types.ts';
