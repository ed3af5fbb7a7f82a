/**
 * A study as a list of pieces: its solves, and the parts of its tables and figures that take long. Each is found from
 * the scenario and its own key, by whichever process takes it; what is left is quick (run-study.ts).
 */
import type { Piece } from '../run/piece.ts';
import type { Scenario } from '../scenario.ts';
import { type CasePieces, casePieces } from './case-pieces.ts';
import type { Case } from './cases.ts';
import { checkLevels } from './check-levels.ts';
import { sourcesOf, type TableName } from './chosen-tables.ts';
import { costOfPart } from './costs.ts';
import { partKey } from './part-key.ts';
import { noPaths, pathPieces } from './path-pieces.ts';
import type { PathStudy } from './path-study.ts';
import { type MethodChoice, prepareStudy, type StudySetup } from './setup.ts';
import { type Solved, solvedFrom } from './solved.ts';
import { type PartName, type Parts, partsOf } from './study-parts.ts';

/** A planned study. */
export interface StudyPlan {
  readonly setup: StudySetup;
  readonly cases: readonly Case[];
  readonly pieces: readonly Piece[];
  /** The tables it is made for; undefined: all. */
  readonly only: readonly TableName[] | undefined;
  /** What was found, read by its keys; null for a part that the study does not have. */
  found(read: (key: string) => unknown): Found;
}

/** Everything a study has found. */
export interface Found {
  readonly solved: Solved;
  readonly part: <Name extends PartName>(name: Name) => Parts[Name] | null;
  readonly paths: PathStudy | null;
}

/** Plans the study of a scenario with n, m ≤ 2. Throws InputError for what cannot be solved. */
export function planStudy(scenario: Scenario, method?: MethodChoice, only?: readonly TableName[]): StudyPlan {
  const setup = prepareStudy(scenario, method);
  checkLevels(setup);
  const { cases, has } = sourcesOf(setup, only);
  const parts = partsOf(setup).filter(([name]) => has(name));
  const solves = casePieces(setup, cases);
  const paths = only === undefined || only.includes('paths') ? pathPieces(setup) : noPaths;
  const keys = new Map(parts.map(([name]) => [name, partKey(setup, name)]));
  return {
    setup,
    cases,
    only,
    pieces: [...solves.pieces, ...partPieces(setup, parts, solves, keys), ...paths.pieces],
    found: (read) => ({
      solved: solvedFrom(solves, read),
      part: <Name extends PartName>(name: Name) => {
        const key = keys.get(name);
        return key === undefined ? null : (read(key) as Parts[Name]);
      },
      paths: paths.found(read),
    }),
  };
}

function partPieces(
  setup: StudySetup,
  parts: ReturnType<typeof partsOf>,
  solves: CasePieces,
  keys: ReadonlyMap<PartName, string>,
): Piece[] {
  const ofSolves = solves.pieces.map(({ key }) => key);
  const keyOf = (name: PartName) => keys.get(name) ?? '';
  return parts.map(([name, { label, after, find }]) => ({
    key: keyOf(name),
    label,
    cost: costOfPart(setup, name),
    bytes: 0,
    after: after === 'nothing' ? [] : after === 'solves' ? ofSolves : [...ofSolves, keyOf('cells')],
    kin: 'parts',
    find: async (lent) =>
      find(setup, {
        solved: solvedFrom(solves, lent.read),
        part: <Name extends PartName>(other: Name) => lent.read(keyOf(other)) as Parts[Name],
        lent,
      }),
  }));
}
