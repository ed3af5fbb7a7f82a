import type { Ensemble } from '../../src/paths/ensemble.ts';
import { isNoisy, type PathSystem } from '../../src/paths/path-system.ts';

/** What is moved of a component for its slope, in its size: the smaller slope counts, since a jump has none. */
const NUDGES = [1e-6, 1e-3];

/**
 * What is doubtful about an ensemble of a system: one path of a noisy one, and steps with dt·L > 2, L the largest row
 * sum of |∂F_i/∂z_j| along the kept states of the first path, where Heun steps grow though the drift contracts.
 */
export function systemWarnings(system: PathSystem, ensemble: Ensemble): string[] {
  const { paths, dt, steps } = ensemble;
  const alone = isNoisy(system) && paths === 1 ? ['one path of a system with noise says nothing of its mean'] : [];
  const steepest = steepestAlong(system, ensemble);
  if (!(dt * steepest > 2)) return alone;
  const needed = Math.ceil((steps * dt * steepest) / 2);
  return [
    ...alone,
    `steps of ${shown(dt)} are above 2/L = ${shown(2 / steepest)}, L the slope of the drift along a path: they grow ` +
      `where the drift contracts – take at least ${needed} steps`,
  ];
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The largest row sum of the Jacobian, by central differences. */
function steepestAlong({ drift, dimension }: PathSystem, { times, states }: Ensemble): number {
  const [above, below] = [new Float64Array(dimension), new Float64Array(dimension)];
  const changes = new Float64Array(dimension);
  let steepest = 0;
  states.forEach((state, k) => {
    const z = Float64Array.from(state.subarray(0, dimension));
    const rows = new Float64Array(dimension);
    for (let j = 0; j < dimension; j++) {
      const at = z[j];
      changes.fill(Infinity);
      for (const nudge of NUDGES) {
        const step = nudge * Math.max(1, Math.abs(at));
        z[j] = at + step;
        drift(above, times[k], z);
        z[j] = at - step;
        drift(below, times[k], z);
        for (let i = 0; i < dimension; i++) {
          changes[i] = Math.min(changes[i], Math.abs(above[i] - below[i]) / (2 * step));
        }
      }
      z[j] = at;
      for (let i = 0; i < dimension; i++) rows[i] += changes[i];
    }
    for (const row of rows) if (row > steepest) steepest = row;
  });
  return steepest;
}
