export {signReport} from './chain/sign.ts';
export {type Verification, verifyRun} from './chain/verify.ts';
export {figure} from './figures.ts';
export {isOpen, readFindings} from './history/findings.ts';
export {
  faultsOf,
  type HistoryFault,
  type HistoryFaultFound,
  historyFaults,
  historyOf,
  type KnownScenario,
  type ScenarioHistory,
} from './history/index.ts';
export {readHistory, readPast} from './history/read.ts';
export {renderMarkdown} from './markdown/index.ts';
export {buildModel} from './model/index.ts';
export {reportPage} from './page/index.ts';
export {renderSummary} from './summary.ts';
export type {VerdictResult} from './types.ts';
export {verdict, verdictRows} from './verdict/index.ts';
export {readModel, writeReport} from './write.ts';
