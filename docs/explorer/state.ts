/** What the page shows, as plain data: it stands in the link, and from the link the page is made again. */
import type { Device, Nodes } from './protocol.ts';

/** A loss that was typed, as it was typed. */
export interface OwnLoss {
  readonly loss: string;
  readonly gamma: string;
  readonly lower: string;
  readonly upper: string;
  readonly horizon: string;
  readonly left: string;
  readonly right: string;
}

export interface State {
  /** A name of the library, or OWN. */
  readonly scenario: string;
  readonly own: OwnLoss;
  readonly epsilon: number;
  /** Null: where the scenario begins. */
  readonly x: number | null;
  readonly y: number | null;
  readonly p: number | null;
  readonly radius: number;
  readonly delta: number;
  readonly grid: GridName;
  readonly device: Device;
}

export const OWN = 'own';

export const GRIDS = {
  '101x61': { x: 101, y: 61 },
  '201x101': { x: 201, y: 101 },
  '401x201': { x: 401, y: 201 },
} as const satisfies Record<string, Nodes>;
export type GridName = keyof typeof GRIDS;

/** The sliders of ε and δ run over exponents of ten. */
export const EPSILON = { lower: -8, upper: 0, step: 0.05 };
export const DELTA = { lower: -6, upper: 0, step: 0.1 };
export const RADIUS = { lower: 1, upper: 12, step: 0.25 };

export const initial: State = {
  scenario: 'quadratic',
  own: {
    loss: 'x^2/2 + exp(-2*x^2)',
    gamma: '5',
    lower: '0',
    upper: '1',
    horizon: '0.5',
    left: '-3',
    right: '3',
  },
  epsilon: 1,
  x: null,
  y: null,
  p: null,
  radius: 4,
  delta: 0.001,
  grid: '201x101',
  device: 'processor',
};

/** 10^exponent in four digits, so that a link and a command line say the very number. */
export function powerOfTen(exponent: number): number {
  return Number((10 ** exponent).toPrecision(4));
}

const numbers = ['x', 'y', 'p', 'radius', 'delta'] as const;

/** The part of a link after #; what is as at the start is left out, but for the scenario and ε. */
export function linkOf(state: State): string {
  const words = new URLSearchParams({ scenario: state.scenario, epsilon: String(state.epsilon) });
  if (state.scenario === OWN) for (const [key, text] of Object.entries(state.own)) words.set(key, text);
  for (const key of numbers) if (state[key] !== null && state[key] !== initial[key]) words.set(key, String(state[key]));
  if (state.grid !== initial.grid) words.set('grid', state.grid);
  if (state.device !== initial.device) words.set('device', state.device);
  return words.toString();
}

/** The state of a link. What is missing, unknown or no number is as at the start. */
export function stateOf(link: string, library: readonly string[]): State {
  const words = new URLSearchParams(link.replace(/^#/, ''));
  const read = (key: string, within: (value: number) => boolean): number | null => {
    const value = Number(words.get(key) ?? Number.NaN);
    return Number.isFinite(value) && within(value) ? value : null;
  };
  const positive = (value: number) => value > 0;
  const any = () => true;
  const scenario = words.get('scenario') ?? initial.scenario;
  const own = Object.fromEntries(Object.entries(initial.own).map(([key, text]) => [key, words.get(key) ?? text]));
  const grid = words.get('grid') ?? '';
  return {
    scenario: scenario === OWN || library.includes(scenario) ? scenario : initial.scenario,
    own: own as unknown as OwnLoss,
    epsilon: read('epsilon', (value) => value >= 1e-8 && value <= 1) ?? initial.epsilon,
    x: read('x', any),
    y: read('y', any),
    p: read('p', any),
    radius: read('radius', (value) => value >= RADIUS.lower && value <= RADIUS.upper) ?? initial.radius,
    delta: read('delta', positive) ?? initial.delta,
    grid: Object.hasOwn(GRIDS, grid) ? (grid as GridName) : initial.grid,
    device: words.get('device') === 'graphics card' ? 'graphics card' : 'processor',
  };
}
