import { shorten } from './sampling.ts';

/** A curve over time. */
export function curve(times: readonly number[], values: readonly number[], name: string, line: object): object {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x: times.map(shorten),
    y: values.map(shorten),
    line,
    hovertemplate: '%{x:.3g}: %{y:.4g}',
  };
}

/** The area between two curves over the same nodes. */
export function area(
  nodes: readonly number[],
  [lower, upper]: readonly [readonly number[], readonly number[]],
  names: object,
  look: object,
): object {
  return {
    type: 'scatter',
    mode: 'lines',
    ...names,
    x: [...nodes, ...nodes.toReversed()].map(shorten),
    y: [...upper, ...lower.toReversed()].map(shorten),
    fill: 'toself',
    ...look,
    hoverinfo: 'skip',
    showlegend: false,
  };
}
