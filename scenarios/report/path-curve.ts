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
