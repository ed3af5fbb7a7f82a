import type { Grid } from '../grid/grid.ts';
import type { DifferencingKind } from './differencing.ts';
import { increments } from './increments.ts';
import { cellsPerStep, TAIL } from './long-feet.ts';

/**
 * Third-order one-sided differences (Jiang, Peng 2000, eq. 2.9) from three consecutive ones, the middle one on the
 * upwind side: (ahead + behind)/2 − ω (beyond − 2·ahead + behind)/2, ω = 1/(1 + 2r²), where r = (floor + outer²)/(floor
 * + inner²) is the ratio of the squared curvatures. Not monotone. Long feet are of first order, so the step is the
 * longest for which they are left to tails of probability TAIL.
 */
export const weno: DifferencingKind = {
  name: 'weno',
  claims: { order: 3, monotone: 'never', interpolation: 3 },
  feet: 'beyond-a-cell',
  followsFrame: true,
  crossTerms: 'stencil',
  wasm: 1,
  card: 1,
  on: ({ grid, slow }, start) => ({ kind: weno, floors: floorsOf(grid, start, slow.movedAxes) }),
  longestStep: (_, slow, measure) => (measure !== null ? slow.quantileStep(measure, TAIL) : slow.stableStep),
  sharedStep: (_, slow) => slow.stableStep,
  courant: cellsPerStep,
  reach: (cells) => Math.max(2, Math.ceil(cells)),
  increments: increments('beyond-a-cell', (V, { at, place, last, stride }, forward, floor) => {
    const reach = forward ? stride : -stride;
    const ahead = V[at + reach] - V[at];
    const behind = V[at] - V[at - reach];
    const inside = forward ? place + 2 <= last : place >= 2;
    // One node from the end the difference beyond it is extrapolated, so the weight multiplies 0.
    const beyond = inside ? V[at + 2 * reach] - V[at + reach] : 2 * ahead - behind;
    const [outer, inner] = [beyond - ahead, ahead - behind];
    const [a, b] = [floor + inner * inner, floor + outer * outer];
    const weight = (a * a) / (a * a + 2 * (b * b));
    const third = (ahead + behind - weight * (outer - inner)) / 2;
    return forward ? third : -third;
  }),
};

/**
 * The weights compare squared second differences: (dx² V_xx)² where V is smooth, (dx·jump of V_x)² at a kink. The floor
 * is the first one for the typical V_xx of `start`, ∝ dx⁴: far below a kink, and as large as its neighbours at an
 * inflection point. There, where both curvatures vanish, a floor near round-off lets the weights jump and the order
 * fall to 2; with a floor of this size they stay within O(dx) of the linear ones, which is what order 3 needs
 * (Aràndiga, Baeza, Belda, Mulet 2011, for ε = h²). Along the fast axes of a moving frame, where V is smooth, the floor
 * is the largest of the slow ones.
 */
function floorsOf(slow: Grid, start: Float64Array, movedAxes: number): number[] {
  const floors = slow.axes.map((_, i) => typicalCurvature(slow, start, i) ** 2 + SMALLEST_FLOOR);
  return [...floors, ...new Array<number>(movedAxes - floors.length).fill(Math.max(...floors))];
}

/** Keeps 0/0 out where the start is constant. */
const SMALLEST_FLOOR = 1e-99;

/** Second differences above this quantile may be kinks. */
const SMOOTH = 0.9;

/**
 * |D²V| dx² along an axis: the 90 % quantile of the second differences or, for V nearly affine or piecewise so,
 * max|DV| dx² over the length of the axis.
 */
export function typicalCurvature(slow: Grid, values: Float64Array, axis: number): number {
  const [stride, nodes] = [slow.strides[axis], slow.shape[axis]];
  const [slopes, curvatures]: [number[], number[]] = [[], []];
  for (let s = 0; s < slow.size; s++) {
    const position = Math.floor(s / stride) % nodes;
    if (position === nodes - 1) continue;
    const ahead = values[s + stride] - values[s];
    slopes.push(Math.abs(ahead));
    if (position > 0) curvatures.push(Math.abs(ahead - (values[s] - values[s - stride])));
  }
  curvatures.sort((a, b) => a - b);
  const steepest = slopes.reduce((a, b) => Math.max(a, b), 0);
  return Math.max(curvatures[Math.floor(SMOOTH * (curvatures.length - 1))] ?? 0, steepest / (nodes - 1));
}
