/** What nodes in y leave out or do not resolve, in sentences: fact – cause – remedy. */
import type { Axis } from '../../src/grid/axis.ts';
import type { GridFault } from '../../src/measure/grid-resolution.ts';
import type { HiddenStructure } from '../../src/measure/hidden-structure.ts';
import { SPACINGS } from '../../src/measure/resolution.ts';
import { tailMass } from '../../src/measure/tail-mass.ts';
import { ellipticReach } from '../../src/model/elliptic.ts';
import type { Coordinates, Interval, Problem } from '../../src/model/problem.ts';

/** Cells across structure that is resolved. */
const ACROSS = 4;

/** Structure of what is averaged that nodes do not see. */
export function hiddenSentence(x: Coordinates, axes: readonly Axis[], { at, widths }: HiddenStructure): string {
  const worst = axes.reduce(
    (top, { spacing }, a) => (spacing / widths[a] > axes[top].spacing / widths[top] ? a : top),
    0,
  );
  const { name, lower, upper, spacing } = axes[worst];
  const nodes = Math.ceil((ACROSS * (upper - lower)) / widths[worst]) + 1;
  return (
    `${atX(x)} what is averaged over y has structure about ${shown(widths[worst])} wide near ${placeOf(at)}, ` +
    `between nodes ${shown(spacing)} apart – they do not see it, and no bound is given – ` +
    `about ${nodes} nodes along ${name} resolve it`
  );
}

/** A point a drift is drawn to beside nodes that are too far apart. */
export function attractingSentence(
  x: Coordinates,
  axis: Axis,
  { at, width }: { readonly at: readonly number[]; readonly width: number },
): string {
  const { name, lower, upper, spacing } = axis;
  const nodes = Math.ceil((SPACINGS * (upper - lower)) / width) + 1;
  return (
    `${atX(x)} the fast drift is drawn to ${placeOf(at)}, where the measure is about ${shown(width)} wide ` +
    `along ${name}, narrower than two spacings (${shown(spacing)}) – how much of it lies there is not known, and no ` +
    `bound is given – ${nodes} nodes along ${name} resolve it`
  );
}

/** A layer that a drift without attracting points is drawn to. */
export function layerSentence(
  x: Coordinates,
  axis: Axis,
  { at, nodes }: { readonly at: readonly number[]; readonly nodes: number },
): string {
  return (
    `${atX(x)} the fast drift is drawn along ${axis.name} to a layer near ${placeOf(at)} that is narrower than two ` +
    `spacings (${shown(axis.spacing)}) – how much of the measure lies there is not known, and no bound is given – ` +
    `about ${nodes} nodes along ${axis.name} resolve it`
  );
}

/** A mean that bends between x nodes. */
export function bending(
  { name, spacing }: Axis,
  { x, deviations, nodes }: Extract<GridFault, { kind: 'bends' }>,
): string {
  return (
    `near x = ${shown(x[0])} the mean of the invariant measure bends by ${Number(deviations.toPrecision(2))} of its ` +
    `deviations from one x node to the next (${shown(spacing)}) – what depends on it between nodes is not seen, and ` +
    `no bound is given – about ${nodes} nodes along ${name} resolve it`
  );
}

/** What of a measure nodes do not resolve. */
interface Unresolved {
  readonly x: Coordinates;
  readonly axis: Axis;
  readonly spacing: number;
  readonly at: readonly number[];
  readonly width: number;
  readonly share: number;
  readonly nodes: number | null;
}

/** A well, or another change of the measure, that nodes do not resolve. */
export function unresolved({ x, axis, spacing, at, width, share, nodes }: Unresolved): string {
  const place = placeOf(at);
  const fact =
    width < 2 * spacing
      ? `the invariant measure has a well at ${place} that is ${shown(width)} wide, narrower than two spacings`
      : `the invariant measure changes faster than the y-nodes show, most at ${place}`;
  const remedy = nodes === null ? 'choose a smaller y-box' : `${nodes} nodes along ${axis.name} resolve it`;
  return (
    `${atX(x)} ${fact} (${shown(spacing)}) – ${percent(share)} of it is missed or ` +
    `put elsewhere, and no bound is given – ${remedy}`
  );
}

/** A y-box that leaves out a share of the measure along one of its sides; of an axis beyond the cells of its nodes. */
export function leftOut(
  problem: Problem,
  x: Coordinates,
  box: Interval & { readonly spacing?: number },
  share: number,
): string {
  return (
    `${atX(x)} the y-box [${shown(box.lower)}, ${shown(box.upper)}] leaves out ` +
    `${share.toPrecision(2)} of the invariant measure – the process is reflected there, so that values, H̄ and v are ` +
    `those of another process, and no bound is given – choose a wider domain.y${widerHow(problem, x, box)}`
  );
}

function widerHow(
  problem: Problem,
  x: Coordinates,
  { lower, upper, spacing = 0 }: Interval & { readonly spacing?: number },
): string {
  const reach = ellipticReach(problem, x);
  if (reach.lower === -Infinity && reach.upper === Infinity) return ', or leave it out';
  const below = tailMass(problem, x, { lower: lower - spacing / 2, upper: Infinity });
  const above = tailMass(problem, x, { lower: -Infinity, upper: upper + spacing / 2 });
  const end = below > above ? reach.lower : reach.upper;
  return Number.isFinite(end) ? ', nearer to the place where the noise is 0' : '';
}

/** at x = 0.5, or at x = 0.5, 1. */
export function atX(x: Coordinates): string {
  return `at x = ${Array.from(x, shown).join(', ')}`;
}

/** y = 0.5, or y = (0.5, 1). */
export function placeOf(at: readonly number[]): string {
  return at.length === 1 ? `y = ${shown(at[0])}` : `y = (${at.map(shown).join(', ')})`;
}

/** A share in per cent, two digits. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** A number with four digits. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
