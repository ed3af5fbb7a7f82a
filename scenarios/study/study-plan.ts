/**
 * A study as a list of pieces: its solves, and the parts of its tables and figures that take long. Each is found from
 * the scenario and its own key, by whichever process takes it; what is left is quick (run-study.ts).
 */
import type { Piece } from '../run/piece.ts';
import type { Scenario } from '../scenario.ts';
import { type CasePieces, casePieces } from './case-pieces.ts';
import type { Case } from './cases.ts';
import { checkLevels } from './check-levels.ts';
import { costOfPart } from './costs.ts';
import { domainCases } from './domain-table.ts';
import { epsilonCases } from './epsilon-table.ts';
import { gridCases } from './grid-tables.ts';
import { partKey } from './part-key.ts';
import { pathPieces } from './path-pieces.ts';
import type { PathStudy } from './path-study.ts';
import { type MethodChoice, prepareStudy, type StudySetup } from './setup.ts';
import { type Solved, solvedFrom } from './solved.ts';
import { type PartName, type Parts, partsOf } from './study-parts.ts';
import { valueTableCases } from './value-tables.ts';

/** A planned study. */
export interface StudyPlan {
  readonly setup: StudySetup;
  readonly cases: readonly Case[];
  readonly pieces: readonly Piece[];
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
export function planStudy(scenario: Scenario, method?: MethodChoice): StudyPlan {
  const setup = prepareStudy(scenario, method);
  checkLevels(setup);
  const cases = [...valueTableCases(setup), ...epsilonCases(setup), ...gridCases(setup), ...domainCases(setup)];
  const solves = casePieces(setup, cases);
  const paths = pathPieces(setup);
  const keys = new Map(partsOf(setup).map(([name]) => [name, partKey(setup, name)]));
  return {
    setup,
    cases,
    pieces: [...solves.pieces, ...partPieces(setup, solves, keys), ...paths.pieces],
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

function partPieces(setup: StudySetup, solves: CasePieces, keys: ReadonlyMap<PartName, string>): Piece[] {
  const ofSolves = solves.pieces.map(({ key }) => key);
  const keyOf = (name: PartName) => keys.get(name) ?? '';
  return partsOf(setup).map(([name, { label, after, find }]) => ({
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
