import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, hasSlurm, startCluster } from '../slurm.ts';
import { filesOf, program, ran, smallStudy, started } from '../small-study.ts';

/** CI installs Slurm and says so, lest the tests be left out there unseen. */
const isThere = process.env.HJB_SLURM === 'required' || hasSlurm();

const folder = mkdtempSync(join(tmpdir(), 'hjb-slurm-study-'));
const scenario = smallStudy(folder);
let cluster: Cluster;
let local: Record<string, string> = {};

describe.runIf(isThere)('a study on a Slurm cluster', { tags: ['full'] }, () => {
  beforeAll(async () => {
    cluster = startCluster();
    const { code } = await ran(['study', scenario, '--executor', 'inline', '--quiet', '--out', join(folder, 'local')]);
    expect(code).toBe(0);
    local = filesOf(join(folder, 'local'));
  });
  afterAll(() => {
    cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('ends byte for byte as on this machine, though a job is killed in the middle', async () => {
    const out = join(folder, 'waited');
    const words = ['study', scenario, '--executor', 'slurm', '--wait', '--workers', '3', '--fresh', '--out', out];
    // A node that fails ends a process without a word: so does this. Jobs may be done before one is met.
    let run = started(words, { env: cluster.env });
    for (let tries = 0; tries < 5 && !(await killedWorker()); tries++) {
      await run.ended;
      run = started(words, { env: cluster.env });
    }
    const { child, ended } = run;
    const status = await ran(['study', '--status', out], { env: cluster.env });
    expect(status.stdout).toMatch(/found +\d+ of \d+ pieces/);
    expect(status.stdout).toMatch(/job \d+ +([A-Z]+ \d+|has ended)/);
    const { code, stderr } = await ended;
    expect([code, child.killed]).toEqual([0, false]);
    expect(stderr).not.toContain('warning');
    expect(filesOf(out)).toEqual(local);
  });

  test('is published by a last job where nobody waits', async () => {
    const out = join(folder, 'left');
    const words = ['study', scenario, '--executor', 'slurm', '--workers', '2', '--at-once', '1', '--out', out];
    const { code, stdout, stderr } = await ran(words, { env: cluster.env });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^hjb: \d+ pieces are the work of 2 jobs, \d+; job \d+ publishes them in .*left\n/);
    for (let k = 0; k < 600 && cluster.asked('squeue', '--noheader').length > 0; k++) await delay(200);
    expect(filesOf(out)).toEqual(local);
  });

  test('says what Slurm says against it', async () => {
    const words = [
      'study',
      scenario,
      '--executor',
      'slurm',
      '--sbatch',
      '--partition=none',
      '--out',
      join(folder, 'no'),
    ];
    const { code, stderr } = await ran(words, { env: cluster.env });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Slurm does not take the jobs – .*partition.* – see/)]);
  });
});

/** Kills the first process of a job that is met within a while; whether there was one. */
async function killedWorker(): Promise<boolean> {
  for (let look = 0; look < 200; look++) {
    const [worker] = workers();
    if (worker !== undefined) {
      await delay(200);
      try {
        return process.kill(worker, 'SIGKILL');
      } catch {
        return false;
      }
    }
    await delay(50);
  }
  return false;
}

/** Processes of jobs: the program with --take. */
function workers(): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(`${program}`) && line.includes('--take') && !line.includes('/bin/sh'))
    .map(Number.parseFloat);
}

test.runIf(!isThere)('Slurm is not on this machine: its tests are left out', { tags: ['full'] }, () => {
  expect(hasSlurm()).toBe(false);
});
