/** From the state to the panels: asks the workers for what has changed, and has drawn what they find. */
import { element, pointOf, showRefusal, showScenario } from './controls.ts';
import { draw, type Known, noteDistance, nothingOf, type Panels, panelsOf, slopeOf } from './drawing.ts';
import type { Panel } from './panels/panel.ts';
import type { Pool } from './pool.ts';
import type { Asked, Found, Nodes, Refusal, Source, TaskName } from './protocol.ts';
import type { RateMeter } from './rate.ts';
import { GRIDS, type State } from './state.ts';

/** Milliseconds without a change before paths are asked for, which take longer than a solve. */
const QUIET = 350;
/** Below so many nodes a solve takes one thread, whatever is there; then the workers share the solves. */
const SHARED_FROM = 32_768;
const MOST_THREADS = 8;

export interface Session {
  /** Shows a state of a scenario; asks for what is missing. */
  show(state: State, source: Source): void;
  /** Draws all again, as for another width. */
  redraw(): void;
  /** Where the page stands in the scenario; null before it is read. */
  readonly point: { readonly x: number; readonly y: number; readonly p: number } | null;
}

/** What the functions below share. */
interface Stage {
  readonly pool: Pool;
  readonly meter: RateMeter;
  readonly panels: Panels;
  /** Called after every solve. */
  readonly solved: () => void;
  readonly redraw: () => void;
  /** What was asked for last, by task. */
  readonly asked: Map<TaskName, string>;
  /** The newest solve that was sent, and that was drawn. */
  readonly order: { sent: number; drawn: number };
  /** The text that the form says now: answers about another come too late. */
  wanted: string;
  state: State | null;
  known: Known | null;
  /** Steps that v is asked for, so that grid and steps are those of Vᵉ; null where these are not known yet. */
  limitSteps: number | null;
  quiet: ReturnType<typeof setTimeout> | undefined;
}

export function sessionOf(pool: Pool, meter: RateMeter, solved: () => void): Session {
  let isPlanned = false;
  const redraw = () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      const { known, state, panels } = stage;
      if (known !== null && state !== null) draw(panels, known, state, meter, pool.workers);
    });
  };
  const stage: Stage = {
    ...{ pool, meter, solved, redraw, panels: panelsOf() },
    ...{ asked: new Map(), order: { sent: 0, drawn: 0 } },
    ...{ wanted: '', state: null, known: null, limitSteps: null, quiet: undefined },
  };
  return {
    redraw,
    get point() {
      const { known, state } = stage;
      return known === null || state === null ? null : pointOf(state, known.opened);
    },
    show: (state, source) => show(stage, state, source),
  };
}

function show(stage: Stage, state: State, source: Source): void {
  const before = stage.state;
  Object.assign(stage, { state, wanted: source.text });
  if (before?.grid !== state.grid || before.device !== state.device) stage.limitSteps = null;
  if (stage.known?.source.text === source.text) {
    showRefusal(null);
    askFor(stage, stage.known, state);
    stage.redraw();
    return;
  }
  ask(stage, 'open', source, {}, (opened) => {
    if (source.text !== stage.wanted || stage.state === null) return;
    for (const task of stage.asked.keys()) if (task !== 'open') stage.asked.delete(task);
    stage.known = nothingOf(source, opened);
    stage.limitSteps = null;
    showRefusal(null);
    showScenario(opened);
    askFor(stage, stage.known, stage.state);
    stage.redraw();
  });
}

/** Asks unless the very same was asked for last; whether it did. */
function ask<Name extends TaskName>(
  stage: Stage,
  task: Name,
  source: Source,
  asked: Asked<Name>,
  taken: (found: Found<Name>) => void,
): boolean {
  const key = JSON.stringify([source, asked]);
  if (stage.asked.get(task) === key) return false;
  stage.asked.set(task, key);
  const panel = panelOf(stage, task);
  panel?.wait(true);
  const refused = (refusal: Refusal) => {
    panel?.wait(false);
    if (source.text !== stage.wanted) return;
    if (task === 'open') showRefusal(refusal);
    else element('trouble').textContent = refusal.words;
  };
  stage.pool.ask(task, source, asked, taken, refused);
  return true;
}

/** The panel that is dimmed while a task is waited for; Vᵉ comes too often for that. */
function panelOf({ panels }: Stage, task: TaskName): Panel | null {
  return task === 'open' || task === 'value' ? null : panels[task];
}

/** Everything that the panels show in a state of a scenario. */
function askFor(stage: Stage, of: Known, state: State): void {
  const { source } = of;
  const { epsilon, grid, radius, delta } = state;
  const { x, y, p } = pointOf(state, of.opened);
  const nodes = GRIDS[grid];
  askValue(stage, of, state, [x, y]);
  askLimit(stage, of, nodes);
  ask(stage, 'measure', source, { x }, keep(stage, of, 'measure'));
  ask(stage, 'cell', source, { x, p, radius, delta }, keep(stage, of, 'cell'));
  clearTimeout(stage.quiet);
  stage.quiet = setTimeout(() => {
    ask(stage, 'feedback', source, { epsilon, nodes }, keep(stage, of, 'feedback'));
    ask(stage, 'paths', source, { epsilon, nodes, x, y }, keep(stage, of, 'paths'));
  }, QUIET);
}

/** Keeps what a task found, and has it drawn. */
function keep<Name extends 'limit' | 'hamiltonian' | 'measure' | 'cell' | 'feedback' | 'paths'>(
  stage: Stage,
  of: Known,
  name: Name,
): (found: Found<Name>) => void {
  return (found) => {
    of[name] = found as Known[Name];
    panelOf(stage, name)?.wait(false);
    stage.redraw();
  };
}

function askValue(stage: Stage, of: Known, { epsilon, grid, device }: State, at: readonly [number, number]): void {
  const { meter, order } = stage;
  const nodes = GRIDS[grid];
  const isLarge = nodes.x * nodes.y >= SHARED_FROM && device === 'processor';
  const threads = isLarge && crossOriginIsolated ? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS) : 1;
  const own = ++order.sent;
  const isNew = ask(stage, 'value', of.source, { epsilon, nodes, at, device, threads }, (value) => {
    meter.answered();
    if (stage.known === of && own > order.drawn) {
      order.drawn = own;
      of.value = value;
      element('trouble').textContent = value.trouble ?? '';
      matchLimit(stage, of);
      stage.redraw();
    }
    stage.solved();
  });
  if (isNew) meter.asked();
}

function askLimit(stage: Stage, of: Known, nodes: Nodes): void {
  ask(stage, 'limit', of.source, { nodes, steps: stage.limitSteps }, (limit) => {
    keep(stage, of, 'limit')(limit);
    of.distances.clear();
    matchLimit(stage, of);
    ask(stage, 'hamiltonian', of.source, { slope: slopeOf(of) }, keep(stage, of, 'hamiltonian'));
  });
}

/** Notes the distance of Vᵉ from v, or asks for v with the steps of Vᵉ where it took others. */
function matchLimit(stage: Stage, of: Known): void {
  const { value, limit } = of;
  if (value === null || limit === null || !isSameGrid(value.nodes, limit.nodes)) return;
  if (value.steps === limit.steps) {
    noteDistance(of);
    return;
  }
  stage.limitSteps = value.steps;
  askLimit(stage, of, value.nodes);
}

function isSameGrid(a: Nodes, b: Nodes): boolean {
  return a.x === b.x && a.y === b.y;
}
