/** From the state to the panels: asks the workers for what has changed, and draws what they find. */
import { shown } from './chart/numbers.ts';
import { element, pointOf, showPoint, showRefusal, showScenario } from './controls.ts';
import { drawCell, drawHamiltonian, drawMeasure } from './panels/frozen.ts';
import { type Panel, panelIn } from './panels/panel.ts';
import { drawPaths } from './panels/paths.ts';
import { distanceOnK, drawDistances, drawSlices } from './panels/slices.ts';
import { drawFeedback, drawValue } from './panels/value.ts';
import type { Pool } from './pool.ts';
import type {
  Asked,
  Cell,
  Feedback,
  Hamiltonian,
  Limit,
  Measure,
  Opened,
  Paths,
  Refusal,
  Source,
  TaskName,
  Value,
} from './protocol.ts';
import type { RateMeter } from './rate.ts';
import { GRIDS, type State } from './state.ts';

/** Milliseconds without a change before paths are asked for, which take longer than a solve. */
const QUIET = 350;
/** Below so many nodes a solve takes one thread, whatever is there; then the workers share the solves. */
const SHARED_FROM = 32_768;

/** What was found of one scenario; null until it is there. */
interface Known {
  readonly source: Source;
  readonly opened: Opened;
  value: Value | null;
  limit: Limit | null;
  hamiltonian: Hamiltonian | null;
  measure: Measure | null;
  cell: Cell | null;
  paths: Paths | null;
  feedback: Feedback | null;
  readonly distances: Map<number, number>;
}

export interface Session {
  /** Shows a state of a scenario; asks for what is missing. */
  show(state: State, source: Source): void;
  /** Draws all again, as for another width. */
  redraw(): void;
  /** Vᵉ at another ε, for a run of many: `then` is called when it is drawn. */
  readonly point: { readonly x: number; readonly y: number; readonly p: number } | null;
}

export function sessionOf(pool: Pool, meter: RateMeter, solved: () => void): Session {
  const panels = panelsOf();
  let known: Known | null = null;
  let asked: Partial<Record<TaskName, string>> = {};
  let state: State | null = null;
  /** The text that the form says now: answers about another come too late. */
  let wanted = '';
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let isPlanned = false;
  let [sent, drawnUpTo] = [0, 0];

  const redraw = () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      if (known !== null && state !== null) draw(panels, known, state, meter, pool);
    });
  };
  /** Asks unless the very same was asked for last; whether it did. */
  const ask = <Name extends TaskName>(
    task: Name,
    source: Source,
    what: Asked<Name>,
    taken: (found: never) => void,
  ): boolean => {
    const key = JSON.stringify([source, what]);
    if (asked[task] === key) return false;
    asked[task] = key;
    const refused = (refusal: Refusal) => {
      panels[task]?.wait(false);
      if (source.text !== wanted) return;
      if (task === 'open') showRefusal(refusal);
      else element('trouble').textContent = refusal.words;
    };
    panels[task]?.wait(task !== 'value');
    pool.ask(task, source, what, taken as never, refused);
    return true;
  };

  const askValue = (of: Known, { epsilon, grid, device }: State, at: readonly [number, number]) => {
    const nodes = GRIDS[grid];
    const cores = navigator.hardwareConcurrency || 1;
    const isLarge = nodes.x * nodes.y >= SHARED_FROM && device === 'processor';
    const threads = isLarge && crossOriginIsolated ? Math.min(cores, 8) : 1;
    const order = ++sent;
    const isNew = ask('value', of.source, { epsilon, nodes, at, device, threads }, (value: Value) => {
      meter.answered();
      if (known === of && order > drawnUpTo) {
        drawnUpTo = order;
        of.value = value;
        noteDistance(of);
        element('trouble').textContent = value.trouble ?? '';
        redraw();
      }
      solved();
    });
    if (isNew) meter.asked();
  };

  const askFor = (of: Known, now: State) => {
    const { source, opened } = of;
    const { x, y, p } = pointOf(now, opened);
    const nodes = GRIDS[now.grid];
    const keep = <Key extends 'limit' | 'hamiltonian' | 'measure' | 'cell' | 'paths' | 'feedback'>(key: Key) => {
      return (found: NonNullable<Known[Key]>) => {
        (of as Record<Key, typeof found>)[key] = found;
        panels[key]?.wait(false);
        redraw();
      };
    };
    askValue(of, now, [x, y]);
    ask('limit', source, { nodes }, (found: Limit) => {
      of.distances.clear();
      keep('limit')(found);
      noteDistance(of);
      ask('hamiltonian', source, { slope: slopeOf(of) }, keep('hamiltonian'));
    });
    ask('measure', source, { x }, keep('measure'));
    ask('cell', source, { x, p, radius: now.radius, delta: now.delta }, keep('cell'));
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      const { epsilon } = now;
      ask('feedback', source, { epsilon, nodes }, (found: Feedback | null) => {
        panels.feedback.show(found !== null);
        if (found !== null) keep('feedback')(found);
      });
      ask('paths', source, { epsilon, nodes, x, y }, keep('paths'));
    }, QUIET);
  };

  return {
    redraw,
    get point() {
      return known === null || state === null ? null : pointOf(state, known.opened);
    },
    show(now, source) {
      state = now;
      wanted = source.text;
      if (known?.source.text === source.text) {
        showRefusal(null);
        askFor(known, now);
        redraw();
        return;
      }
      ask('open', source, {}, (opened: Opened) => {
        if (source.text !== wanted) return;
        asked = { open: asked.open };
        known = { source, opened, distances: new Map(), ...nothing };
        showRefusal(null);
        showScenario(opened);
        if (state !== null) askFor(known, state);
        redraw();
      });
    },
  };
}

const nothing = { value: null, limit: null, hamiltonian: null, measure: null, cell: null, paths: null, feedback: null };

function panelsOf() {
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
  } as { readonly [key: string]: Panel };
}

/** v on the nodes of the value at hand. */
function limitOf({ value, limit }: Known): Limit | null {
  return value?.nodes.x === limit?.nodes.x && value?.nodes.y === limit?.nodes.y ? limit : null;
}

function noteDistance(known: Known): void {
  const { value, opened, distances } = known;
  const limit = limitOf(known);
  if (value !== null && limit !== null) distances.set(value.epsilon, distanceOnK(opened, value, limit));
}

/** Where the sliders of p and the table of H̄ end: beyond the slopes of v. */
function slopeOf({ limit, opened }: Known): number {
  const needed = Math.max(1.2 * (limit?.steepest ?? 1), 1.5 * Math.abs(opened.start.p));
  const power = 10 ** Math.floor(Math.log10(needed));
  return Number(
    ([1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= needed) ?? needed).toPrecision(3),
  );
}

function draw(panels: Record<string, Panel>, known: Known, state: State, meter: RateMeter, pool: Pool): void {
  const { opened, value, distances } = known;
  const at = pointOf(state, opened);
  showPoint(at, opened, slopeOf(known));
  if (value !== null) {
    const own = limitOf(known);
    drawValue(panels.value, { opened, value, limit: own, at });
    drawSlices(panels.slices, { opened, value, limit: own });
    drawDistances(panels.limit, distances, value.epsilon);
    showRate(value, meter, pool);
  }
  if (known.hamiltonian !== null) drawHamiltonian(panels.hamiltonian, known.hamiltonian, at);
  if (known.measure !== null) drawMeasure(panels.measure, known.measure);
  if (known.cell !== null) drawCell(panels.cell, known.cell);
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

function showRate({ nodes, steps, seconds, threads, backend }: Value, meter: RateMeter, pool: Pool): void {
  const { rate } = meter;
  const ran =
    backend === 'wasm' ? `WebAssembly, ${threads === 1 ? '1 thread' : `${threads} threads`} a solve` : backend;
  const measured =
    rate === null
      ? 'drag ε, or run it, to measure the rate'
      : `${shown(rate.perSecond, 3)} solves/s (${rate.solves} solves in ${rate.seconds.toFixed(2)} s)`;
  element('rate').textContent =
    `${measured} · ${nodes.x} × ${nodes.y} nodes, ${steps} steps, upwind with IMEX Euler · last solve ` +
    `${(1e3 * seconds).toFixed(0)} ms · ${ran}, ${pool.workers} workers` +
    (backend === 'wasm' ? '' : ' · single precision: digits differ from the command line');
}
