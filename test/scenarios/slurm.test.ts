import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
    const words = ['study', scenario, '--executor', 'slurm', '--wait', '--workers', '3', '--out', out];
    const { child, ended } = started(words, { env: cluster.env });
    const entries = () => readdirSync(`${out}.store`).filter((name) => /^[0-9a-f]{32}$/.test(name));
    const running = () => cluster.asked('squeue', '--noheader', '--array', '--states=RUNNING', '--format=%A');
    while (running().length === 0 || entries().length < 3) await delay(50);
    // A node that fails ends a process without a word: so does this.
    const worker = workers()[0];
    process.kill(worker, 'SIGKILL');
    const status = await ran(['study', '--status', out], { env: cluster.env });
    expect(status.stdout).toMatch(/found +\d+ of \d+ pieces/);
    expect(status.stdout).toMatch(/job \d+ +(RUNNING|has ended)/);
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
