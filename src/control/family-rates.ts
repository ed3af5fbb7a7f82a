/** The coefficients of families of controls on all nodes, evaluated by rows. */
import { onRows } from '../formula/on-rows.ts';
import type { Allocate } from '../grid/allocate.ts';
import { forEachNode, nodeColumns } from '../grid/grid.ts';
import type { Subject } from '../input/input-error.ts';
import type { Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { carry, firstBad, movedAxesOf, type Nodes, notFinite, placeOf } from './control-rows.ts';
import {
  type Coefficient,
  combination,
  eachCoefficient,
  type Family,
  movableBox,
  type QuadraticField,
  type WrittenFamily,
} from './quadratic-families.ts';

/** A coefficient on a row of nodes, and the field it goes to. */
interface Stored {
  readonly row: Float64Array;
  readonly field: Float64Array;
  readonly spacing: number;
  readonly subject: Subject;
  /** The first node where it is not finite. */
  bad: { readonly value: number; readonly place: ReturnType<typeof placeOf> } | null;
}

/**
 * The coefficients of a family on all nodes. Which differences exist at the ends of an axis is left to the sweep; in a
 * moving frame a control that pushes against an end of the x-box still carries z there. Throws InputError where a
 * coefficient is not finite.
 */
export function evaluateFamily(problem: Problem, family: WrittenFamily, nodes: Nodes, allocate: Allocate): Family {
  const { slow, fast } = nodes;
  const row = () => new Float64Array(slow.size);
  const rows = new Map<Coefficient, Float64Array>();
  const rowsOf = (quadratic: QuadraticField<Coefficient>) =>
    eachCoefficient(quadratic, (coefficient) => {
      const found = rows.get(coefficient) ?? row();
      rows.set(coefficient, found);
      return found;
    });
  const [drift, cost] = [family.drift.map(rowsOf), rowsOf(family.cost)];
  const { carried, sums } = carriedBy(drift, nodes);
  const stored: Stored[] = [];
  const fieldsOf = (quadratic: QuadraticField, spacing: number, subject: Subject) =>
    eachCoefficient(quadratic, (values) => {
      const field = allocate(slow.size * fast.size);
      stored.push({ row: values, field, spacing, subject, bad: null });
      return field;
    });
  const axes = movedAxesOf(nodes);
  const rates = [...drift, ...carried].map((each, i) => fieldsOf(each, axes[i].spacing, 'slowDrift'));
  const noise = family.noise?.map((a, i) => fieldsOf(rowsOf(a), slow.axes[i].spacing ** 2, 'slowNoise'));
  const fields = { box: movableBox(family), rates, cost: fieldsOf(cost, 1, 'runningCost'), noise };
  const evaluate = onRows([...rows.keys()], ...namesOf(problem));
  const [outs, x] = [[...rows.values()], nodeColumns(slow)];
  forEachNode(fast, (j, y) => {
    evaluate(outs, x, Array.from(y), family.box.lower);
    for (const { out, weights, parts } of sums) carry(out, weights, parts);
    for (const each of stored) store(each, j * slow.size, (s) => placeOf(nodes, s, y));
  });
  for (const { bad, subject } of stored) if (bad !== null) throw notFinite(bad.value, subject, bad.place);
  return fields;
}

function store(stored: Stored, at: number, placeAt: (s: number) => ReturnType<typeof placeOf>): void {
  const { row, field, spacing } = stored;
  for (let s = 0; s < row.length; s++) field[at + s] = row[s] / spacing;
  if (stored.bad !== null) return;
  const s = firstBad(row);
  if (s >= 0) stored.bad = { value: row[s], place: placeAt(s) };
}

/** Rows of −(Mφ)_a from those of φ, coefficient by coefficient, and the sums they are. */
function carriedBy(drift: readonly QuadraticField[], { slope }: Nodes) {
  const sums: { out: Float64Array; weights: readonly number[]; parts: readonly Float64Array[] }[] = [];
  const carried = slope.map((row) =>
    combination<Float64Array, Float64Array>(drift, (coefficients) => {
      const present = coefficients.flatMap((part, i) => (part === null || row[i] === 0 ? [] : [{ part, i }]));
      if (present.length === 0) return null;
      const out = new Float64Array(present[0].part.length);
      sums.push({ out, weights: present.map(({ i }) => row[i]), parts: present.map(({ part }) => part) });
      return out;
    }),
  );
  return { carried, sums };
}
