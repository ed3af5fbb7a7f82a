/** The state of the page as a scenario and as a command line. */
import type { Source } from './protocol.ts';
import { GRIDS, OWN, type OwnLoss, type State } from './state.ts';

/** The file that the command line of a loss of one's own reads. */
export const OWN_FILE = 'explorer.yaml';

/** The fields of the form by the lines of the text below. */
const FIELD_OF_LINE: Readonly<Record<number, keyof OwnLoss>> = {
  4: 'loss',
  5: 'gamma',
  6: 'lower',
  7: 'horizon',
  8: 'left',
};

/** A deep-relaxation scenario of ten lines. */
export function ownScenario({ loss, gamma, lower, upper, horizon, left, right }: OwnLoss): string {
  return `title: A loss of my own
model:
  kind: deep-relaxation
  loss: ${JSON.stringify(loss)}
  gamma: ${quantity(gamma)}
  control: [${quantity(lower)}, ${quantity(upper)}]
horizon: ${quantity(horizon)}
domain: { x: [${quantity(left)}, ${quantity(right)}] }
study: { nodes: { x: [101, 201], y: 101 } }
`;
}

/** A number as it is; anything else as a text, which the reader of scenarios judges. */
function quantity(typed: string): string {
  const text = typed.trim();
  return text !== '' && Number.isFinite(Number(text)) ? text : JSON.stringify(text);
}

/** The field of the form that a place such as "explorer:4" speaks of. */
export function fieldAt(place: string | null): keyof OwnLoss | null {
  return FIELD_OF_LINE[Number(/:(\d+)$/.exec(place ?? '')?.[1])] ?? null;
}

export function sourceOf(state: State, library: Readonly<Record<string, string>>): Source {
  if (state.scenario === OWN) return { name: 'explorer', text: ownScenario(state.own) };
  return { name: state.scenario, text: library[state.scenario] };
}

/** The command that prints Vᵉ at the point in the same digits. */
export function commandOf({ scenario, epsilon, grid }: State, at: { readonly x: number; readonly y: number }): string {
  const { x, y } = GRIDS[grid];
  const subject = scenario === OWN ? OWN_FILE : scenario;
  return `hjb solve ${subject} --epsilon ${epsilon} --nodes x=${x},y=${y} --at x=${at.x},y=${at.y} --json`;
}
