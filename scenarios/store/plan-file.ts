import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Piece } from '../run/piece.ts';
import { hashOf } from './entry.ts';
import { writeWhole } from './whole-file.ts';

/** What a work is made of, kept beside its entries for people and for `hjb study --status`. */
export interface PlanFile {
  readonly run: string;
  readonly scenario: string;
  /** The command that goes on with it. */
  readonly command: string;
  readonly code: string;
  /** Jobs of a cluster that were given the work. */
  readonly jobs: readonly string[];
  readonly pieces: readonly Pick<Piece, 'key' | 'label' | 'cost'>[];
}

const NAME = 'plan.json';

export function writePlan(store: string, plan: PlanFile): void {
  writeWhole(join(store, NAME), `${JSON.stringify(plan, null, 1)}\n`);
}

/** The plan of a store; null where there is none that can be read. */
export function readPlan(store: string): PlanFile | null {
  try {
    const plan = JSON.parse(readFileSync(join(store, NAME), 'utf8'));
    return isPlan(plan) ? plan : null;
  } catch {
    return null;
  }
}

function isPlan(found: Partial<Record<keyof PlanFile, unknown>> | null): found is PlanFile {
  const { run, scenario, command, code, jobs, pieces } = found ?? {};
  const isText = (value: unknown) => typeof value === 'string';
  const isPiece = (piece: Partial<Piece> | null) =>
    isText(piece?.key) && isText(piece?.label) && Number.isFinite(piece?.cost);
  return (
    [run, scenario, command, code].every(isText) &&
    Array.isArray(jobs) &&
    jobs.every(isText) &&
    Array.isArray(pieces) &&
    pieces.every(isPiece)
  );
}

/**
 * The path of a copy of a scenario in the store, under its own name: workers read what was read when the work began,
 * whatever becomes of the file.
 */
export function keepScenario(store: string, name: string, source: string): string {
  const path = join(store, 'scenarios', hashOf(source).slice(0, 12), `${name}.yaml`);
  writeWhole(path, source);
  return path;
}
