/** A Slurm cluster of one node, this machine, with munge of its own; for tests. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where Debian keeps daemons, which may not be on the path of a user. */
const path = [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter);

export interface Cluster {
  /** What programs need to find it. */
  readonly env: NodeJS.ProcessEnv;
  /** The lines that a command of Slurm prints. */
  readonly asked: (command: string, ...words: string[]) => string[];
  readonly stop: () => void;
}

/** Whether Slurm and munge are here, and may be started. */
export function hasSlurm(): boolean {
  try {
    for (const daemon of ['slurmctld', 'slurmd', 'munged']) execFileSync('which', [daemon], { env: { PATH: path } });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** Starts it with two processors. Throws where it does not come up within half a minute. */
export function startCluster(): Cluster {
  const folder = mkdtempSync(join(tmpdir(), 'hjb-slurm-'));
  const host = hostname().split('.')[0];
  for (const name of ['munge', 'state', 'spool']) mkdirSync(join(folder, name));
  chmodSync(join(folder, 'munge'), 0o700);
  writeFileSync(join(folder, 'munge/key'), randomBytes(1024), { mode: 0o400 });
  writeFileSync(join(folder, 'slurm.conf'), configuration(folder, host));
  const env = { ...process.env, PATH: path, SLURM_CONF: join(folder, 'slurm.conf') };
  const ran = (command: string, words: readonly string[]) =>
    execFileSync(command, words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const munge = (name: string) => join(folder, 'munge', name);
  const places = { key: 'key', seed: 'seed', log: 'log', pid: 'pid' } as const;
  const files = Object.entries(places).map(([flag, name]) => `--${flag}-file=${munge(name)}`);
  ran('munged', ['--force', `--socket=${munge('socket')}`, ...files]);
  ran('slurmctld', []);
  ran('slurmd', []);
  const cluster: Cluster = {
    env,
    asked: (command, ...words) =>
      ran(command, words)
        .split('\n')
        .filter((line) => line !== ''),
    stop() {
      for (const name of ['slurmd.pid', 'slurmctld.pid', 'munge/pid']) killed(join(folder, name));
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  for (let k = 0; k < 60; k++) {
    if (states(cluster).includes('idle')) return cluster;
    Atomics.wait(asleep, 0, 0, 500);
  }
  cluster.stop();
  throw new Error('the node of the cluster does not become idle');
}

function states(cluster: Cluster): string[] {
  try {
    return cluster.asked('sinfo', '--noheader', '--format=%T');
  } catch {
    return [];
  }
}

function configuration(folder: string, host: string): string {
  const port = 20_000 + (process.pid % 20_000);
  return [
    'ClusterName=hjb',
    `SlurmctldHost=${host}(127.0.0.1)`,
    'SlurmUser=root',
    'AuthType=auth/munge',
    `AuthInfo=socket=${join(folder, 'munge/socket')}`,
    'CredType=cred/munge',
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'JobAcctGatherType=jobacct_gather/none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_CPU',
    'MpiDefault=none',
    'ReturnToService=2',
    'SchedulerParameters=sched_interval=1',
    `SlurmctldPort=${port}`,
    `SlurmdPort=${port + 1}`,
    `StateSaveLocation=${join(folder, 'state')}`,
    `SlurmdSpoolDir=${join(folder, 'spool')}`,
    ...['slurmctld', 'slurmd'].flatMap((name) => [
      `${name === 'slurmd' ? 'SlurmdPidFile' : 'SlurmctldPidFile'}=${join(folder, `${name}.pid`)}`,
      `${name === 'slurmd' ? 'SlurmdLogFile' : 'SlurmctldLogFile'}=${join(folder, `${name}.log`)}`,
    ]),
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN`,
    'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n');
}

/** Ends a daemon and waits until it is gone: it writes into its folder to the last. */
function killed(pidFile: string): void {
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    process.kill(pid, 'SIGTERM');
    for (let k = 0; k < 100; k++) {
      process.kill(pid, 0);
      Atomics.wait(asleep, 0, 0, 100);
    }
  } catch {}
}
