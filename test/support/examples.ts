import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {commands} from '../../src/cli/commands.ts';
import {kubedrill, root} from './kubedrill.ts';

/** One command line that a help text or a page shows, and where it stands first. */
export interface Example {
  line: string;
  from: string;
}

/** Every command line of the help and the pages, once each, without comments. */
export async function allExamples(): Promise<Example[]> {
  const found = [...(await ofCommands()), ...(await ofHelp()), ...(await ofPages())];
  const first = new Map<string, Example>();
  for (const {line, from} of found) {
    const bare = line.replace(/(?:^|\s+)#.*$/, '').trim();
    if (bare !== '' && !first.has(bare)) first.set(bare, {line: bare, from});
  }
  return [...first.values()];
}

async function ofCommands(): Promise<Example[]> {
  const modules = await Promise.all(commands.map(async ({name, load}) => ({name, module: await load()})));
  return modules.flatMap(({name, module}) => module.examples.map((line) => ({line, from: `${name} --help`})));
}

/** The help of the program itself; what follows two spaces is said of the command. */
async function ofHelp(): Promise<Example[]> {
  const {stdout} = await kubedrill(['--help']);
  return [...stdout.matchAll(/^ {2}(kubedrill .*?)(?: {2}.*)?$/gm)].map(([, line = '']) => ({line, from: '--help'}));
}

/** Lines of console blocks, steps of workflows, and commands within the text. */
async function ofPages(): Promise<Example[]> {
  const docs = (await readdir(join(root, 'docs'), {recursive: true})).filter((name) => name.endsWith('.md')).sort();
  const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', name))];
  const texts = await Promise.all(pages.map(async (from) => ({from, text: await readFile(join(root, from), 'utf8')})));
  return texts.flatMap(({from, text}) => linesOf(text).map((line) => ({line, from})));
}

function linesOf(page: string): string[] {
  const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  const lines = blocks.flatMap(([, language = '', text = '']) => {
    if (['console', 'sh', 'bash'].includes(language)) return text.split('\n');
    return [...text.matchAll(/^- run: (.*)$/gm)].map(([, line = '']) => line);
  });
  const prose = page.replaceAll(/^```.*?^```$/gms, '');
  // A command's name alone is no command line.
  const inline = [...prose.matchAll(/`((?:kubedrill|kubectl drill) [a-z]+ [^`]+)`/g)].map(([, line = '']) => line);
  return [...lines, ...inline];
}
