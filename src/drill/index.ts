export {permissionsOffline} from './plan/offline.ts';
export {rbacObjects} from './plan/rbac.ts';
export {planDrill} from './plan-drill.ts';
export {runDrill} from './run.ts';
export type * from './types.ts';
