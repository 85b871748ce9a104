import {renderMarkdown} from './markdown/index.ts';
import {summaryPage} from './page/index.ts';
import {verdict} from './verdict/index.ts';
import {readModel} from './write.ts';

/** Page one of a run's report as Markdown, for places that show many of them. Rejects as {@link readModel} does. */
export async function renderSummary(folder: string): Promise<string> {
  const model = await readModel(folder);
  return renderMarkdown(summaryPage(model, verdict(model)));
}
