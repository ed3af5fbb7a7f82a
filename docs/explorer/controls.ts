/** The form: from the state to its fields and back. */
import { raised, shown } from './chart/numbers.ts';
import type { Opened, Refusal } from './protocol.ts';
import { fieldAt } from './scenario-text.ts';
import { DELTA, EPSILON, GRIDS, type GridName, OWN, type OwnLoss, powerOfTen, RADIUS, type State } from './state.ts';

type Field = HTMLInputElement | HTMLSelectElement;

export function element<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as Kind;
}

const OWN_FIELDS = ['loss', 'gamma', 'lower', 'upper', 'horizon', 'left', 'right'] as const;

function option(value: string, words: string): HTMLOptionElement {
  const made = document.createElement('option');
  made.value = value;
  made.textContent = words;
  return made;
}

/** Fills what does not depend on the state; `changed` is called with every change of the form. */
export function prepareControls(
  library: readonly (readonly [name: string, title: string])[],
  changed: (change: Partial<State>) => void,
): void {
  element('scenario').append(
    option(OWN, 'A loss of your own'),
    ...library.map(([name, title]) => option(name, `${name}: ${title}`)),
  );
  element('grid').append(...Object.entries(GRIDS).map(([name, { x, y }]) => option(name, `${x} × ${y}`)));
  element('device').append(option('processor', 'processor'), option('graphics card', 'graphics card'));
  range('epsilon', EPSILON);
  range('delta', DELTA);
  range('radius', RADIUS);
  const listen = (id: string, change: (value: string) => Partial<State>) =>
    element<Field>(id).addEventListener('input', ({ target }) => changed(change((target as Field).value)));
  listen('scenario', (scenario) => ({ scenario, x: null, y: null, p: null }));
  listen('epsilon', (value) => ({ epsilon: powerOfTen(Number(value)) }));
  listen('delta', (value) => ({ delta: powerOfTen(Number(value)) }));
  for (const id of ['x', 'y', 'p', 'radius'] as const) listen(id, (value) => ({ [id]: Number(value) }));
  listen('grid', (grid) => ({ grid: grid as GridName }));
  listen('device', (device) => ({ device: device as State['device'] }));
  for (const id of OWN_FIELDS) listen(id, () => ({ own: ownTyped() }));
}

function ownTyped(): OwnLoss {
  return Object.fromEntries(OWN_FIELDS.map((id) => [id, element<Field>(id).value])) as unknown as OwnLoss;
}

interface Ends {
  readonly lower: number;
  readonly upper: number;
  readonly step: number;
}

function range(id: string, { lower, upper, step }: Ends): void {
  Object.assign(element<HTMLInputElement>(id), { min: String(lower), max: String(upper), step: String(step) });
}

/** A round step, a hundred or more of them, and the multiples of it within the ends. */
export function roundEnds(lower: number, upper: number): Ends {
  const step = 10 ** Math.floor(Math.log10((upper - lower) / 100));
  const multiple = (count: number) => Number((count * step).toPrecision(12));
  return { lower: multiple(Math.ceil(lower / step)), upper: multiple(Math.floor(upper / step)), step };
}

/** The point that the page shows: that of the state, within the boxes, or where the scenario begins. */
export function pointOf({ x, y, p }: State, opened: Opened): { x: number; y: number; p: number } {
  const within = (value: number | null, { lower, upper }: { lower: number; upper: number }, start: number) =>
    value === null ? start : Math.min(Math.max(value, lower), upper);
  const [ofX, ofY] = [opened.x, opened.y].map((side) => roundEnds(side.lower, side.upper));
  return { x: within(x, ofX, opened.start.x), y: within(y, ofY, opened.start.y), p: p ?? opened.start.p };
}

/** Shows the state in the form. */
export function showControls(state: State): void {
  const set = (id: string, value: string | number) => {
    const field = element<Field>(id);
    if (field.value !== String(value)) field.value = String(value);
  };
  set('scenario', state.scenario);
  set('grid', state.grid);
  set('device', state.device);
  set('radius', state.radius);
  set('epsilon', Math.log10(state.epsilon));
  set('delta', Math.log10(state.delta));
  for (const id of OWN_FIELDS) set(id, state.own[id]);
  element('own').hidden = state.scenario !== OWN;
  element('epsilon-shown').textContent = String(state.epsilon);
  element('epsilon').setAttribute('aria-valuetext', shown(state.epsilon, 4));
  element('delta-shown').textContent = String(state.delta);
  element('delta').setAttribute('aria-valuetext', shown(state.delta, 4));
  element('radius-shown').textContent = String(state.radius);
}

/** The sliders of the point: their ends are those of the boxes, and of p those of the table of H̄. */
export function showPoint(point: { x: number; y: number; p: number }, opened: Opened, slope: number): void {
  range('x', roundEnds(opened.x.lower, opened.x.upper));
  range('y', roundEnds(opened.y.lower, opened.y.upper));
  range('p', { lower: -slope, upper: slope, step: slope / 100 });
  for (const id of ['x', 'y', 'p'] as const) {
    element<HTMLInputElement>(id).value = String(point[id]);
    element(`${id}-shown`).textContent = String(point[id]);
  }
}

/** What the scenario says of itself, in one line. */
export function showScenario({ formulas, horizon }: Opened): void {
  const written = (text: string) => text.replace(/ ?\* ?/g, '·').replace(/ ?\^ ?(\d)\b/g, (_, digit) => raised(digit));
  const words = formulas.map(([symbol, text]) => `${symbol} = ${written(text)}`);
  element('scenario-hint').textContent = [...words, `T = ${horizon}`].join(';  ');
}

/** Says what was refused beside the field that is to blame, else under the choice of the scenario; null clears all. */
export function showRefusal(refusal: Refusal | null): void {
  const field = refusal === null ? null : fieldAt(refusal.place);
  for (const id of ['loss', 'gamma', 'lower', 'horizon', 'left', 'scenario'] as const) {
    const isHere = refusal !== null && id === (field ?? 'scenario');
    const place = element(`${id}-error`);
    const words = isHere ? refusal.words : '';
    // Only what changes is read aloud again.
    if (place.textContent !== words) place.textContent = words;
    element(id).toggleAttribute('aria-invalid', false);
    if (isHere) {
      element(id).setAttribute('aria-invalid', 'true');
      element(id).setAttribute('aria-describedby', `${id}-error`);
    }
  }
}
