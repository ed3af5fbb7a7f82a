/** What is known of a scenario, drawn and written on the page. */
import { shown } from './chart/numbers.ts';
import { element, pointOf, showPoint } from './controls.ts';
import { drawCell, drawHamiltonian, drawMeasure } from './panels/frozen.ts';
import { type Panel, panelIn } from './panels/panel.ts';
import { drawPaths } from './panels/paths.ts';
import { distanceOnK, drawDistances, drawSlices } from './panels/slices.ts';
import { drawFeedback, drawValue } from './panels/value.ts';
import type { Cell, Feedback, Hamiltonian, Limit, Measure, Opened, Paths, Source, Value } from './protocol.ts';
import type { RateMeter } from './rate.ts';
import type { State } from './state.ts';

/** What was found of one scenario; null until it is there. */
export interface Known {
  readonly source: Source;
  readonly opened: Opened;
  /** sup|Vᵉ − v| on K by ε. */
  readonly distances: Map<number, number>;
  value: Value | null;
  limit: Limit | null;
  hamiltonian: Hamiltonian | null;
  measure: Measure | null;
  cell: Cell | null;
  feedback: Feedback | null;
  paths: Paths | null;
}

export function nothingOf(source: Source, opened: Opened): Known {
  const empty = { value: null, limit: null, hamiltonian: null, measure: null, cell: null, feedback: null, paths: null };
  return { source, opened, distances: new Map(), ...empty };
}

export type Panels = Readonly<
  Record<'value' | 'slices' | 'limit' | 'hamiltonian' | 'measure' | 'cell' | 'feedback' | 'paths', Panel>
>;

export function panelsOf(): Panels {
  const place = element('panels');
  return {
    value: panelIn(place, 'panel-value', 'Value Vᵉ(x,y), and its limit v(x)'),
    slices: panelIn(place, 'panel-slices', 'Slices of Vᵉ against v'),
    limit: panelIn(place, 'panel-distance', 'Distance of Vᵉ from v'),
    hamiltonian: panelIn(place, 'panel-hamiltonian', 'Effective Hamiltonian H̄(x,p)'),
    measure: panelIn(place, 'panel-measure', 'Gibbs measure of y at frozen x'),
    cell: panelIn(place, 'panel-cell', 'Cell problem at (x,p)'),
    feedback: panelIn(place, 'panel-feedback', 'Feedback u*(x,y) at t = 0'),
    paths: panelIn(place, 'panel-paths', 'Paths of x'),
  };
}

/** v on the nodes of the value at hand, with its steps. */
function limitOf({ value, limit }: Known): Limit | null {
  const isSame =
    value?.nodes.x === limit?.nodes.x && value?.nodes.y === limit?.nodes.y && value?.steps === limit?.steps;
  return isSame ? limit : null;
}

export function noteDistance(known: Known): void {
  const { value, opened, distances } = known;
  const limit = limitOf(known);
  if (value !== null && limit !== null) distances.set(value.epsilon, distanceOnK(opened, value, limit));
}

/** Where the sliders of p and the table of H̄ end: beyond the slopes of v. */
export function slopeOf({ limit, opened }: Known): number {
  const needed = Math.max(1.2 * (limit?.steepest ?? 1), 1.5 * Math.abs(opened.start.p));
  const power = 10 ** Math.floor(Math.log10(needed));
  return Number(
    ([1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= needed) ?? needed).toPrecision(3),
  );
}

/** Draws all that is known. */
export function draw(panels: Panels, known: Known, state: State, meter: RateMeter, workers: number): void {
  const { opened, value, distances } = known;
  const at = pointOf(state, opened);
  showPoint(at, opened, slopeOf(known));
  if (value !== null) {
    const own = limitOf(known);
    drawValue(panels.value, { opened, value, limit: own, at });
    drawSlices(panels.slices, { opened, value, limit: own });
    drawDistances(panels.limit, distances, value.epsilon);
    showRate(value, meter, workers);
  }
  if (known.hamiltonian !== null) drawHamiltonian(panels.hamiltonian, known.hamiltonian, at);
  if (known.measure !== null) drawMeasure(panels.measure, known.measure);
  if (known.cell !== null) drawCell(panels.cell, known.cell);
  panels.feedback.show(known.feedback !== null);
  if (known.feedback !== null) drawFeedback(panels.feedback, opened, known.feedback);
  if (known.paths !== null) drawPaths(panels.paths, opened, known.paths);
  showDigits(known, at);
}

/** The numbers of the panels, Vᵉ in all digits. */
function showDigits({ opened, value, limit, cell, distances }: Known, at: { x: number; y: number; p: number }): void {
  const distance = value === null ? undefined : distances.get(value.epsilon);
  const facts: [id: string, label: string, words: string][] = [
    ['digits-value', `Vᵉ(${at.x}, ${at.y})`, value === null ? '…' : String(value.at)],
    [
      'digits-limit',
      `v(${at.x}), same grid and steps`,
      limit === null ? '…' : shown(linear(limit.values, opened, at.x), 8),
    ],
    ['digits-distance', 'sup|Vᵉ − v| on K', distance === undefined ? '…' : shown(distance, 3)],
    ['digits-hamiltonian', `H̄(${at.x}, ${at.p})`, cell === null ? '…' : shown(cell.hamiltonian, 8)],
  ];
  const list = element('digits');
  for (const [id, label, words] of facts) {
    let place = document.getElementById(id);
    if (place === null) {
      const group = document.createElement('div');
      place = document.createElement('dd');
      place.id = id;
      group.append(document.createElement('dt'), place);
      list.append(group);
    }
    (place.previousElementSibling as HTMLElement).textContent = label;
    place.textContent = words;
  }
}

function linear(values: Float64Array, { x: { lower, upper } }: Opened, at: number): number {
  const place = ((at - lower) / (upper - lower)) * (values.length - 1);
  const k = Math.min(Math.max(Math.floor(place), 0), values.length - 2);
  return values[k] + (place - k) * (values[k + 1] - values[k]);
}

/** How often, on what, and by which method. */
function showRate({ nodes, steps, seconds, threads, backend }: Value, meter: RateMeter, workers: number): void {
  const { rate } = meter;
  const ran =
    backend === 'wasm' ? `WebAssembly, ${threads === 1 ? '1 thread' : `${threads} threads`} a solve` : backend;
  const measured =
    rate === null
      ? 'drag ε, or run it, to measure the rate'
      : `${shown(rate.perSecond, 3)} solves/s (${rate.solves} solves in ${rate.seconds.toFixed(2)} s)`;
  element('rate').textContent =
    `${measured} · ${nodes.x} × ${nodes.y} nodes, ${steps} steps, upwind with IMEX Euler · last solve ` +
    `${(1e3 * seconds).toFixed(0)} ms · ${ran}, ${workers} workers` +
    (backend === 'wasm' ? '' : ' · single precision: digits differ from the command line');
}
