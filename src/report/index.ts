export {renderJson} from './json.ts';
export {renderMarkdown} from './markdown/index.ts';
export {buildModel} from './model/index.ts';
export {verdictSentence} from './sentence.ts';
export type {ReportModel, VerdictResult} from './types.ts';
export {type VerdictRow, verdict, verdictRows} from './verdict/index.ts';
export {readModel, type WrittenReport, writeReport} from './write.ts';
