import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {configName, defaultConfig, loadConfig} from '../../../../src/drill/config/config.ts';
import {ScenarioError} from '../../../../src/scenario/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-config-'));
  await mkdir(join(folder, 'work/deep'), {recursive: true});
  await mkdir(join(folder, 'xdg/kubedrill'), {recursive: true});
});
afterEach(() => rm(folder, {recursive: true}));

const write = (path: string, text: string) => writeFile(join(folder, path), text);
const load = (path?: string) =>
  loadConfig({
    cwd: join(folder, 'work/deep'),
    env: {XDG_CONFIG_HOME: join(folder, 'xdg')},
    ...(path === undefined ? {} : {path}),
  });

test('without a file the defaults hold', async () => {
  expect(await load()).toEqual(defaultConfig);
});

test('the nearest file upwards counts, then that of the user, and --config before both', async () => {
  await write(`xdg/kubedrill/${configName}`, 'protectedNamespaces: [user]');
  expect((await load()).protectedNamespaces).toEqual(['user']);
  await write(`work/${configName}`, 'protectedNamespaces: [team]');
  expect((await load()).protectedNamespaces).toEqual(['team']);
  await write('other.yaml', 'protectedNamespaces: [named]');
  expect((await load('../../other.yaml')).protectedNamespaces).toEqual(['named']);
});

test('every field arrives; paths count from the file', async () => {
  await write(
    `work/${configName}`,
    `clusters:
  - {name: staging, uid: 1b4e28ba, server: "https://10.0.0.1:6443", environment: staging}
protectedNamespaces: [payments]
allowCommands: [[systemctl, stop, app]]
prober: {image: mirror/kubedrill:1, pullSecrets: [pull], tolerations: [{operator: Exists}], resources: {limits: {memory: 64Mi}}, priorityClassName: high}
blackout: [{reason: trading, timeZone: Europe/Berlin, days: [mon], dates: {from: 2026-12-01, to: 2026-12-31}, from: 08:00, to: 18:00}]
freeze: {reason: incident 4711}
reports: evidence
`,
  );
  expect(await load()).toEqual({
    clusters: [{name: 'staging', uid: '1b4e28ba', server: 'https://10.0.0.1:6443', environment: 'staging'}],
    protectedNamespaces: ['payments'],
    allowCommands: [['systemctl', 'stop', 'app']],
    prober: {
      image: 'mirror/kubedrill:1',
      pullSecrets: ['pull'],
      tolerations: [{operator: 'Exists'}],
      resources: {limits: {memory: '64Mi'}},
      priorityClassName: 'high',
    },
    blackout: [
      {
        reason: 'trading',
        timeZone: 'Europe/Berlin',
        days: ['mon'],
        dates: {from: '2026-12-01', to: '2026-12-31'},
        from: '08:00',
        to: '18:00',
      },
    ],
    freeze: {reason: 'incident 4711'},
    reports: join(folder, 'work/evidence'),
  });
});

test.each([
  ['protectedNamespace: [x]', `:1:1: unknown key "protectedNamespace"`, 'Did you mean "protectedNamespaces"?'],
  ['clusters: [{name: a, uid: b}]', ':1:12: clusters[0]: "environment" is missing', 'environment: '],
  ['allowCommands: [systemctl stop app]', ':1:17: allowCommands[0]: expected a list, found', undefined],
  ['freeze: {}', ':1:9: freeze: "reason" is missing', 'reason: Why'],
  ['blackout: [{reason: x, timeZone: Mars, days: [mon]}]', ':1:34: blackout[0].timeZone: expected an IANA', undefined],
  ['blackout: [{reason: x, timeZone: UTC, from: 08:00}]', ':1:12: blackout[0]: needs both from and to', undefined],
  ['a: [', ':1:5: this is not YAML', undefined],
  ['reports: a\n---\nreports: b', 'a config file holds one document only', undefined],
  ['', 'this file is empty', undefined],
])('%j is refused at its place', async (text, message, hint) => {
  await write(`work/${configName}`, text);
  const error = await load().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ScenarioError);
  expect((error as ScenarioError).explain()).toContain(message);
  if (hint !== undefined) expect((error as ScenarioError).explain()).toContain(hint);
  expect((error as ScenarioError).exitCode).toBe(2);
});

test('a file named by --config must be there', async () => {
  await expect(load('none.yaml')).rejects.toThrow('none.yaml: there is no such config file');
});
