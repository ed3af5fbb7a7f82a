/** The paths of a study as pieces of work: the limit path, and one ensemble for every ε. */
import type { Lent, Piece } from '../run/piece.ts';
import { costOfPart, costOfPaths } from './costs.ts';
import { partKey } from './part-key.ts';
import type { PathLimit } from './path-record.ts';
import { type PathStudy, pathLimit, pathRecord, pathSetting, pathStudy } from './path-study.ts';
import type { StudySetup } from './setup.ts';

/** The pieces of the paths, and the section that is made of them. */
export interface PathPieces {
  readonly pieces: readonly Piece[];
  /** Null where the scenario asks for no paths. */
  found(read: (key: string) => unknown): PathStudy | null;
}

export const noPaths: PathPieces = { pieces: [], found: () => null };

export function pathPieces(setup: StudySetup): PathPieces {
  const setting = pathSetting(setup);
  if (setting === null) return noPaths;
  const limitKey = partKey(setup, 'limit path');
  const keys = setting.epsilons.map((epsilon) => partKey(setup, `paths at ${epsilon}`));
  const common = { bytes: 0, kin: 'paths' };
  const limit: Piece = {
    ...common,
    key: limitKey,
    label: 'the limit path',
    cost: costOfPart(setup, 'limitPath'),
    after: [],
    find: (lent) => pathLimit(setup, setting, runOf(lent)),
  };
  const ensembles = setting.epsilons.map(
    (epsilon, k): Piece => ({
      ...common,
      key: keys[k],
      label: `paths, ε = ${epsilon}`,
      cost: costOfPaths(setup, { ...setting.axes, y: setting.start.y, epsilon, count: setting.asked.count }),
      after: [limitKey],
      find: (lent) => pathRecord(setup, setting, { epsilon, limit: lent.read(limitKey) as PathLimit }, runOf(lent)),
    }),
  );
  return {
    pieces: [limit, ...ensembles],
    found: (read) =>
      pathStudy(setup, setting, {
        limit: read(limitKey) as PathLimit,
        records: keys.map((key) => read(key) as PathStudy['records'][number]),
      }),
  };
}

function runOf({ kernel, signal, clock }: Lent) {
  return { kernel, signal, clock, threads: kernel.threads };
}
