import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {freePort} from './probe-context.ts';

const binaries = {prometheus: '/usr/bin/prometheus', alertmanager: '/usr/bin/prometheus-alertmanager'};

/** Whether Debian's packages prometheus and prometheus-alertmanager are there. */
export const hasMonitoring = Object.values(binaries).every((path) => existsSync(path));

export interface Monitoring {
  prometheus: string;
  alertmanager: string;
  stop(): Promise<void>;
}

/**
 * A real Prometheus that scrapes `target` every half second, with the alert ShopDown while that cannot be scraped, and a
 * real Alertmanager behind it; both on loopback. Resolves when both are ready.
 */
export async function startMonitoring(target: string): Promise<Monitoring> {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-monitoring-'));
  const [ports, cluster] = [[await freePort(), await freePort()] as const, await freePort()];
  const prometheus = `http://127.0.0.1:${ports[0]}`;
  const alertmanager = `http://127.0.0.1:${ports[1]}`;
  await writeFile(
    join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: {scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms'},
      rule_files: ['rules.yml'],
      alerting: {alertmanagers: [{static_configs: [{targets: [`127.0.0.1:${ports[1]}`]}]}]},
      scrape_configs: [{job_name: 'shop', static_configs: [{targets: [target]}]}],
    }),
  );
  const rule = {alert: 'ShopDown', expr: 'up{job="shop"} == 0', labels: {severity: 'page'}};
  await writeFile(join(folder, 'rules.yml'), JSON.stringify({groups: [{name: 'shop', rules: [rule]}]}));
  await writeFile(
    join(folder, 'alertmanager.yml'),
    JSON.stringify({route: {receiver: 'nobody', group_wait: '1s'}, receivers: [{name: 'nobody'}]}),
  );
  await mkdir(join(folder, 'data'));
  const started = [
    spawn(
      binaries.alertmanager,
      [
        `--config.file=${folder}/alertmanager.yml`,
        `--storage.path=${folder}/alerts`,
        `--web.listen-address=127.0.0.1:${ports[1]}`,
        `--cluster.listen-address=127.0.0.1:${cluster}`,
        '--cluster.settle-timeout=0s',
      ],
      {stdio: 'ignore'},
    ),
    spawn(
      binaries.prometheus,
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${ports[0]}`,
      ],
      {stdio: 'ignore'},
    ),
  ];
  const stop = async () => {
    await Promise.all(started.map(ended));
    await rm(folder, {recursive: true, force: true});
  };
  try {
    await Promise.all([ready(`${prometheus}/-/ready`), ready(`${alertmanager}/-/ready`)]);
    return {prometheus, alertmanager, stop};
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await over;
}

/** The test's own timeout ends a wait in vain. */
async function ready(url: string): Promise<void> {
  for (;;) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
