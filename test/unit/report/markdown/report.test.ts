import {describe, expect, test} from 'vitest';
import {buildModel, renderMarkdown, reportPage, verdict} from '../../../../src/report/index.ts';
import {killCoredns, type MadeRun, refusedRun, scaleToZero} from '../../../support/runs.ts';

function render({entries, series}: MadeRun): string {
  const model = buildModel(entries, series);
  return renderMarkdown(reportPage(model, verdict(model)));
}

const heading = (markdown: string) => markdown.split('\n')[0];

describe('the first sentence', () => {
  test('has verdict, bound, what it counts from, target, and what is not in it', () => {
    expect(heading(render(killCoredns()))).toMatch(
      /^# PASSED — dns was back after 1\.\d–1\.\d s, counted from the first bad sample; target 60 s; unattended: detection and decision not included\.$/,
    );
  });

  test('says so when nobody was disturbed', () => {
    expect(heading(render(killCoredns({down: []})))).toMatch(/^# PASSED — dns: RTO 0–0\.\d s, no user impact seen,/);
  });

  test('of a refused run gives a reason and says that nothing was injected', () => {
    expect(heading(render(refusedRun()))).toBe(
      '# REFUSED — no fault was injected: The user may not delete pods in the namespace kube-system. (and 1 more reason)',
    );
  });

  test('of a dirty run cannot be overlooked', () => {
    const {entries, series} = killCoredns();
    const dirty = entries.filter(({type}) => type !== 'undo.ended');
    const markdown = render({entries: dirty, series});
    expect(heading(markdown)).toContain('NOT CLEAN: 1 change is not taken back.');
    expect(markdown).toContain('run `kubedrill rollback 2026-11-20T214007Z-kill-coredns-7f3a`');
  });
});

test('a practice run says so right below', () => {
  const notice = 'practice run on the built-in simulated cluster, not on a Kubernetes cluster';
  expect(
    render(killCoredns({practice: true}))
      .split('\n')
      .slice(0, 3)
      .join('\n'),
  ).toContain(notice);
  expect(render(killCoredns())).not.toContain(notice);
});

test('a refused run is a whole report: every reason, what to do, nothing measured', () => {
  const markdown = render(refusedRun());
  expect(markdown).toContain('- The user may not delete pods in the namespace kube-system.');
  expect(markdown).toContain('- No Pod in kube-system matches k8s-app=kube-dns.');
  expect(markdown).toContain('- Print what is needed with: kubedrill rbac scenarios/kill-coredns.yaml');
  expect(markdown).not.toContain('## Timeline');
  expect(markdown).toContain('## Reproduction');
});

test('steps that were not played are listed as such', () => {
  const narrow = (markdown: string) => markdown.replace(/ +/g, ' ');
  expect(narrow(render(refusedRun()))).toContain('| `inject.0` | kill: `pod/delete` | n/a | not executed | |');
  expect(narrow(render(scaleToZero()))).toContain('| skipped | unattended: nobody to ask |');
});

test('nothing is negative: recovery was declared before the impact was seen', () => {
  const figures = render(scaleToZero()).match(/[+-]\d+(\.\d+)?…/g) ?? [];
  expect(figures.length).toBeGreaterThan(0);
  expect(figures.filter((figure) => figure.startsWith('-'))).toEqual([]);
});

test('hostile text from the cluster stays text', () => {
  const hostile = '<img src=x onerror=alert(1)>|`x`\n# PASSED\u001b[2J[click](javascript:1)';
  const {entries, series} = killCoredns();
  const poisoned = entries.map((entry) => {
    switch (entry.type) {
      case 'run.started':
        return {
          ...entry,
          scenario: {...entry.scenario, title: hostile, owner: hostile},
          people: {...entry.people, operator: hostile},
          command: hostile,
        };
      case 'guard.answered':
      case 'cluster.identified':
        return entry.type === 'guard.answered' ? {...entry, message: hostile, ok: true} : {...entry, context: hostile};
      case 'effect.seen':
      case 'undo.ended':
        return {...entry, detail: hostile};
      default:
        return entry;
    }
  });
  const markdown = render({
    entries: poisoned,
    series: new Map(
      [...series].map(([file, samples]) => [
        file,
        samples.map((one) => (one.detail ? {...one, detail: hostile} : one)),
      ]),
    ),
  });
  const plain = markdown.replace(/(`+) ?.*?\1/g, '');
  expect(plain).not.toContain('<img');
  expect(plain).not.toContain('[click](');
  expect(markdown).not.toContain('\u001b');
  expect(markdown.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
  const columns = (line: string) => line.replaceAll('\\|', '').split('|').length;
  const rows = markdown.split('\n');
  rows.forEach((line, index) => {
    if (line.startsWith('| ') && rows[index - 1]?.startsWith('| '))
      expect(columns(line)).toBe(columns(rows[index - 1] ?? ''));
  });
});
