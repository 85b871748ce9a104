export {renderMarkdown} from './markdown/index.ts';
export {buildModel} from './model/index.ts';
export {reportPage} from './page/index.ts';
export type {VerdictResult} from './types.ts';
export {verdict, verdictRows} from './verdict/index.ts';
export {readModel, writeReport} from './write.ts';
