export {permissionsOffline} from './plan/offline.ts';
export {planDrill} from './plan/plan-drill.ts';
export {rbacObjects} from './plan/rbac.ts';
export {runDrill} from './run.ts';
export type * from './types.ts';
