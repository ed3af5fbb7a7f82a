/** The feedback u*(x,y) at τ = T as fields, from Vᵉ and from the limit. */
import type { Axis } from '../../src/grid/axis.ts';
import { effectiveCase, valueCase } from './cases.ts';
import { type Fields, fieldAxis, fieldsTo, joinedFields, mapNodes, spread } from './field.ts';
import { type StudySetup, split } from './setup.ts';
import type { Solved } from './solved.ts';
import { hasChoice, type SolvedFeedback, solvedFeedback } from './solved-feedback.ts';
import { heldPoints } from './value-fields.ts';

const DIGITS = 6;
const field = fieldsTo(DIGITS);
const POINTS = { slow: 81, fast: 61 } as const;

/**
 * control_u(ε,y,x) and limit_control_u(y,x) for every control u; in the plane over x at the centre of K in y, and over
 * y at the middle of K's right side. Null where V is flat; no fields where U has one point.
 */
export function controlFields(setup: StudySetup, solved: Solved): Fields {
  const { problem, epsilon, fine } = setup;
  if (!hasChoice(problem)) return { axes: [], variables: [] };
  const laws = epsilon.map((each) => solvedFeedback(problem, solved.value(valueCase(each, fine.nx, fine.ny))));
  const ofLimit = solvedFeedback(problem, solved.effective(effectiveCase(fine.nx, fine.ny)));
  return joinedFields(
    shownPlanes(setup).map((plane): Fields => {
      const axes = plane.places.map((place) => shownAxis(setup, place));
      const over = axes.map(({ name }) => name).toReversed();
      const held = setup.names.flatMap((name, a) => (plane.places.includes(a) ? [] : `${name} = ${plane.point[a]}`));
      const at = held.length === 0 ? {} : { at: held.join(', ') };
      const found = laws.map((law) => valuesOn(setup, { ...plane, axes }, law));
      const limit = valuesOn(setup, { ...plane, axes }, ofLimit);
      const variables = problem.controls.names.flatMap((name, c) => [
        field(
          `control_${name}${plane.section}`,
          `optimal control ${name} at time to go T`,
          ['epsilon', ...over],
          found.flatMap((values) => values[c]),
          at,
        ),
        field(
          `limit_control_${name}${plane.section}`,
          `optimal control ${name} of the limit at time to go T`,
          over,
          limit[c],
          at,
        ),
      ]);
      const shown = [
        { name: 'epsilon', nodes: epsilon, description: 'scale separation' },
        ...axes.map((axis) => fieldAxis(axis, 'coordinate of the maps of controls')),
      ];
      return { axes: shown, variables };
    }),
  );
}

/** Two places of (x,y), and where the other coordinates are held. */
interface ShownPlane {
  /** What follows the name of a control. */
  readonly section: '' | '_over_x' | '_over_y';
  readonly places: readonly number[];
  readonly point: readonly number[];
}

function shownPlanes(setup: StudySetup): ShownPlane[] {
  const [n, m] = [setup.slow.length, setup.fast.length];
  const { x, centre, beside } = heldPoints(setup);
  const held = (point: readonly number[]) => point.map((value) => Number(value.toPrecision(DIGITS)));
  const overX = { places: [0, 1], point: held([...x, ...centre]) };
  if (n === 1 && m === 1) return [{ section: '', ...overX }];
  return [
    ...(n === 2 ? [{ section: '_over_x', ...overX } as const] : []),
    ...(m === 2 ? [{ section: '_over_y', places: [n, n + 1], point: held([...beside, ...centre]) } as const] : []),
  ];
}

/** K in x; K widened by half its width on both sides in y. */
function shownAxis({ observe, fast, names, slow }: StudySetup, place: number): Axis {
  const [low, high] = [observe.lower[place], observe.upper[place]];
  const name = `${names[place]}_control`;
  if (place < slow.length) return spread(name, low, high, POINTS.slow);
  const [box, reach] = [fast[place - slow.length], (high - low) / 2];
  return spread(name, Math.max(low - reach, box.lower), Math.min(high + reach, box.upper), POINTS.fast);
}

/** One list of values per control; NaN where there is none. */
function valuesOn(
  setup: StudySetup,
  { axes, places, point }: ShownPlane & { readonly axes: readonly Axis[] },
  feedback: SolvedFeedback,
): number[][] {
  const at = [...point];
  const controls: (readonly number[] | null)[] = [];
  mapNodes(axes, (node) => {
    places.forEach((place, k) => {
      at[place] = node[k];
    });
    const { x, y } = split(setup, at);
    return controls.push(feedback(x, y));
  });
  return setup.problem.controls.names.map((_, c) => controls.map((control) => control?.[c] ?? Number.NaN));
}
