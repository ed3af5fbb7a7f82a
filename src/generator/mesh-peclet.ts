/**
 * The mesh Péclet number |b|h/α of a discrete generator: where it exceeds 2 the drift crosses a cell faster than
 * diffusion, and rates that keep signs add diffusion, relative to α, of (|b|h/α)²/12 below that and |b|h/2α above.
 */
import { reverseEntries } from '../linalg/sparse-rates.ts';
import type { JumpGenerator } from './jump-generator.ts';

/** What a mesh Péclet number is found from. */
type Rates = Pick<JumpGenerator, 'nodes' | 'jumps' | 'alpha'>;

/** The largest |b|h/α over whole edges: both schemes have rate(j→i)/α_j − rate(i→j)/α_i = rise/h². */
export function meshPeclet({ nodes, jumps, alpha }: Rates): number {
  const { size, dimension, neighbours, arms } = nodes;
  const reverse = reverseEntries(jumps);
  const isWhole = (i: number, axis: number) => {
    const slot = 2 * (i * dimension + axis);
    return arms[slot] === arms[slot + 1];
  };
  let [most, entry] = [0, 0];
  for (let slot = 0; slot < 2 * dimension * size; slot++) {
    const j = neighbours[slot];
    if (j < 0) continue;
    const [i, axis] = [Math.floor(slot / (2 * dimension)), (slot >> 1) % dimension];
    if (isWhole(i, axis) && isWhole(j, axis)) {
      const [there, here] = [alpha?.[axis][j] ?? 1, alpha?.[axis][i] ?? 1];
      const rise = (jumps.rates[reverse[entry]] / there - jumps.rates[entry] / here) * arms[slot] ** 2;
      most = Math.max(most, Math.abs(rise));
    }
    entry++;
  }
  return most;
}

/** What to change where an iteration stalls: by what factor the grid is too coarse for the drift, or else too fine. */
export function remedyFor(generator: Rates, domain: 'ball' | 'box'): string {
  const peclet = meshPeclet(generator);
  if (!(peclet > 2)) {
    return `the fast process mixes too slowly for this accuracy; take fewer nodes or a smaller ${domain}`;
  }
  const factor = Number((peclet / 2).toPrecision(2));
  return (
    `the drift crosses up to ${Number(peclet.toPrecision(3))} cells while diffusion crosses one (the mesh Péclet ` +
    `number |b|h); take a smaller ${domain}, or up to ${factor} times as many nodes per axis, which bring it to 2`
  );
}
