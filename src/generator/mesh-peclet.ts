/**
 * The mesh Péclet number |b|h of a discrete generator: where it exceeds 2 the drift crosses a cell faster than
 * diffusion, and rates that keep signs add diffusion, relative to 1, of (|b|h)²/12 below that and |b|h/2 above.
 */
import { reverseEntries } from '../linalg/sparse-rates.ts';
import type { JumpGenerator } from './jump-generator.ts';

/** The largest |b|h over whole edges: both schemes have rate(j→i) − rate(i→j) = rise/h². */
export function meshPeclet({ nodes, jumps }: Pick<JumpGenerator, 'nodes' | 'jumps'>): number {
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
      const rise = (jumps.rates[reverse[entry]] - jumps.rates[entry]) * arms[slot] ** 2;
      most = Math.max(most, Math.abs(rise));
    }
    entry++;
  }
  return most;
}

/** What to change where an iteration stalls: by what factor the grid is too coarse for the drift, or else too fine. */
export function remedyFor(generator: Pick<JumpGenerator, 'nodes' | 'jumps'>, domain: 'ball' | 'box'): string {
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
