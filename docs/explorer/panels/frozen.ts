/** The panels at frozen x, which do not know ε: H̄(x,p), the Gibbs measure, the cell problem. */
import { frameIn, widened } from '../chart/frame.ts';
import { drawHeatMap, rangeOf } from '../chart/heat-map.ts';
import { drawCurve, drawMark, drawUpright, legend } from '../chart/lines.ts';
import { shown } from '../chart/numbers.ts';
import type { Cell, Hamiltonian, Measure } from '../protocol.ts';
import { HEIGHT, type Panel, say } from './panel.ts';

/** The part of the ball whose values the axis holds. */
const INNER = 0.6;

export function drawHamiltonian(panel: Panel, table: Hamiltonian, at: { x: number; p: number }): void {
  panel.plot.classList.add('over');
  const range = rangeOf(table.values);
  const frame = drawHeatMap(panel.plot, {
    x: { label: 'x', ...table.x },
    y: { label: 'p', ...table.p },
    height: HEIGHT,
    description: `H̄ over x and p, from ${shown(range.lower)} to ${shown(range.upper)}`,
    nodes: { x: table.x.nodes, y: table.p.nodes },
    values: table.values,
    range,
  });
  if (Math.abs(at.p) <= table.p.upper) drawMark(frame, at.x, at.p, 'here');
  say(
    panel,
    `H̄(x,p) = ∫ H(x,y,p) dμₓ(y) by ${table.method === 'gibbs' ? 'quadrature against the Gibbs measure' : 'the stationary measure'}, ` +
      `on ${table.x.nodes} × ${table.p.nodes} points. The limit equation is −∂ₜv + H̄(x,Dv) = 0.`,
    table.warnings,
  );
}

/** Far below a deviation a mean is rounding. */
const ROUNDING = 1e-12;

export function drawMeasure(panel: Panel, { x, y, density, deviation, wells, warnings, ...found }: Measure): void {
  const mean = Math.abs(found.mean) < ROUNDING * deviation ? 0 : found.mean;
  const { upper } = rangeOf(density);
  const frame = frameIn(panel.plot, {
    x: { label: 'y', lower: y[0], upper: y[y.length - 1] },
    y: { label: 'density', lower: 0, upper: 1.08 * upper },
    height: HEIGHT,
    description: `The invariant density of y at x = ${x}: mean ${shown(mean)}, deviation ${shown(deviation)}`,
  });
  for (const well of wells) drawUpright(frame, well, 'guide');
  drawUpright(frame, mean, 'c');
  drawCurve(frame, { x: y, y: density, look: 'a' });
  legend(panel.legend, [
    ['a', `μₓ at x = ${shown(x)}`],
    ['c', `mean ${shown(mean)}`],
    ...(wells.length === 0 ? [] : [['guide', wells.length === 1 ? 'well' : `${wells.length} wells`] as const]),
  ]);
  say(panel, `Where y lives while x stands still; standard deviation ${shown(deviation)}.`, warnings);
}

export function drawCell(panel: Panel, cell: Cell): void {
  const { y, corrector, radius, delta, minusDeltaOmega, exitWeight, hamiltonian, trap, warnings } = cell;
  // Beside the ends ω falls to 0 in a layer, much deeper than the corrector rises.
  const { lower, upper } = rangeOf(corrector.filter((_, i) => Math.abs(y[i]) <= INNER * radius));
  const frame = frameIn(panel.plot, {
    x: { label: 'y', lower: -radius, upper: radius },
    y: { label: 'ω(y) − ω(0)', ...widened(lower, upper) },
    height: HEIGHT,
    description: `The corrector on the ball of radius ${radius} for δ = ${delta}`,
  });
  drawCurve(frame, { x: y, y: corrector, look: 'b' });
  legend(panel.legend, [['b', 'ω − ω(0), which tends to the corrector χ']]);
  say(
    panel,
    `δω − Lω = −H(x,y,p) on |y| < ${radius}, ω = 0 at its ends, δ = ${shown(delta)}: −δω(0) = ${shown(minusDeltaOmega, 6)}, ` +
      `H̄ = ${shown(hamiltonian, 6)}. Weight of paths that leave the ball: ${shown(exitWeight, 2)}. ` +
      'The layers at the ends go beyond the picture.',
    [...(trap === null ? [] : [trap]), ...warnings],
  );
}
