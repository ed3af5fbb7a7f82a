/**
 * Monotone: V ≤ W ⟹ S(V) ≤ S(W) in every component. For a minimum over controls of affine maps this is a statement on
 * weights, and two kinds of probes find them. From V = 0 with a large rise h only the weights count, and the minimum
 * shows the least of all controls: (S(h e_l) − S(0))/h → min_u a^u_kl. From values that occur the slopes are those met.
 * Rows with uncontrolled outflow (§3.3 of docs/theory.md), and those near the ends of the x-box with noise between
 * nodes (§3.9), are left out, as are schemes that do not claim it.
 */
import { type Grid, nodeCoordinates } from '../grid/grid.ts';
import type { Kernel, Phase, StepProgram } from '../kernel/kernel.ts';
import { forEachNearEnds } from '../time/noise-ends.ts';
import type { Monotone } from '../time/schemes.ts';
import type { Finding, Measured, Where } from './certificate.ts';
import { blame, courantNumbers } from './certificate-cause.ts';
import { type FieldMap, type Operator, operatorsOf, sliceTo, withStep } from './certificate-operators.ts';
import { type LeastSlope, leastSlope } from './certificate-probes.ts';

/** The step that ran, with values it met. */
export interface CertifiedStep {
  readonly program: StepProgram;
  /** Where it ran, and where its operators are probed: one thread is faster on many single steps. */
  readonly kernel: Kernel;
  readonly probing: Kernel;
  /** Nodes of the value. */
  readonly grid: Grid;
  readonly claim: Monotone;
  readonly dt: number;
  readonly horizon: number;
  /** λ: S(V + c) = S(V) + (1 − λdt)c. */
  readonly discount: number;
  /** Values at which slopes are taken: start, solution, random ones. */
  readonly states: readonly Float64Array[];
  /** c·dt of a filter, else 0. */
  readonly reach: number;
}

/** A rise this many times the size of V leaves weights alone, to 1e-8. */
const LARGE = 1e8;

/** A rise that keeps to the controls that are used, to rounding. */
const SMALL = 1e-6;

/** Slopes lose the rounding of S(V), some 10 operations, over h. */
const ROUNDING = 64 * Number.EPSILON;

/** Raised values are at most this many times the size of V. */
const LARGEST_RISE = 2;

/** The composition of the operators probed and the step that ran differ by rounding only. */
const SAME = 1e-11;

/** max (S(V) − S(W))⁺ over pairs V ≤ W. */
const DECREASE = 'largest decrease';

/** Certifies the monotonicity a scheme claims; `measured` has the least weight and the largest Courant number. */
export async function certifyMonotone(step: CertifiedStep): Promise<Finding> {
  if (step.claim === 'never') {
    const measured = { [DECREASE]: await largestDecrease(step) };
    return { status: 'not claimed', measured, note: 'differences of high order have weights of both signs' };
  }
  return step.claim === 'filtered' ? certifyFiltered(step) : certifyWeights(step);
}

/** The least weight of an operator at a state, and with the rounding it carries. */
interface Slope {
  readonly found: LeastSlope;
  readonly margin: number;
  readonly operator: Operator;
}

/** Every operator of the step, at every state. */
async function certifyWeights(step: CertifiedStep): Promise<Finding> {
  const { program, states } = step;
  const operators = operatorsOf(program);
  const courant = courantNumbers(program);
  const outflow = uncontrolledOutflow(program);
  if (outflow.size === program.buffers[program.value].length) return nothingKept(outflow.size);
  const rows = program.buffers[program.value].length / program.slow.size;
  const slopes: Slope[] = [];
  let inputs: readonly Float64Array[] = states;
  for (const operator of operators) {
    const moves = operator.program.phases.some(({ kind }) => kind === 'sweep' || kind === 'average');
    const leftOut = (node: number) => moves && outflow.has(node);
    const tried = inputs;
    inputs = await withStep(step.probing, operator.program, async (map) => {
      const probed = { map, reach: operator.reach, slow: program.slow, rows, leftOut };
      for (const { V, h } of rises(operator, tried)) {
        const found = await leastSlope(probed, V, h);
        slopes.push({ found, margin: found.slope + (ROUNDING * (sizeOf(V) + h)) / h, operator });
      }
      return mapped(map, tried);
    });
  }
  const excess = await largestDecrease(step);
  const whole = await withStep(step.kernel, program, (map) => mapped(map, states));
  const mismatch = whole.reduce((most, field, i) => Math.max(most, distance(field, inputs[i]) / sizeOf(field)), 0);
  const { found, margin, operator } = slopes.reduce((worst, each) =>
    Number.isNaN(each.margin) || each.margin < worst.margin ? each : worst,
  );
  const measured = {
    'least weight': found.slope,
    'Courant number': courant.reduce((a, b) => Math.max(a, b), 0),
    'rows left out': outflow.size,
    [DECREASE]: excess,
    'operators against the step': mismatch,
  };
  if (!(margin >= 0)) {
    const { dt, horizon } = step;
    const where = whereOf(step.grid, found);
    return { status: 'fails', measured, where, ...blame({ program: operator.program, found, courant, dt, horizon }) };
  }
  const slack = ROUNDING * LARGEST_RISE * Math.max(...states.map(sizeOf));
  if (!(mismatch <= SAME && excess <= slack)) return differs(measured);
  return { status: 'holds', measured, note: noteOn(outflow) };
}

/** Nothing is said of a step of which every row is left out. */
function nothingKept(rows: number): Finding {
  const note = 'every node has uncontrolled outflow, so that nothing is measured: more nodes in x tell';
  return { status: 'not claimed', measured: { 'rows left out': rows }, note };
}

/** S_F stays within c·dt of its monotone step S_M, which is certified: ordered values part by at most 2c·dt. */
async function certifyFiltered(step: CertifiedStep): Promise<Finding> {
  const { program, kernel, states, reach } = step;
  const end = program.phases.findIndex(({ kind }) => kind === 'filter');
  const filter = program.phases[end] as Extract<Phase, { kind: 'filter' }>;
  const monotone = sliceTo(program, filter.monotone, end);
  const inner = await certifyWeights({ ...step, program: monotone, claim: 'under-cfl' });
  const imagesBy = (each: StepProgram) => withStep(kernel, each, (map) => mapped(map, states));
  const [kept, base] = [await imagesBy(program), await imagesBy(monotone)];
  const departure = kept.reduce((most, field, i) => Math.max(most, distance(field, base[i])), 0);
  const excess = await largestDecrease(step);
  const measured = { ...inner.measured, [DECREASE]: excess, 'sup|S − S_M|': departure, c·dt: reach };
  if (inner.status !== 'holds') return { ...inner, measured };
  const slack = ROUNDING * LARGEST_RISE * Math.max(...states.map(sizeOf));
  if (departure <= reach + slack && excess <= 2 * reach + slack) {
    return { status: 'holds', measured, note: `up to 2c·dt, c = C·dx, around its monotone step; ${inner.note}` };
  }
  const remedy = 'the filter must keep |S − S_M| ≤ c·dt; this is a defect of the program';
  return {
    status: 'fails',
    measured,
    where: null,
    cause: 'the step leaves its monotone step by more than c·dt',
    remedy,
  };
}

/**
 * V = 0 with a rise that leaves weights alone; then values that occur, with rises of their size and far smaller. Where
 * the controls that are used bound the step, steeper values than occur would call for others: rises are small alone.
 */
function rises({ linear, program }: Operator, inputs: readonly Float64Array[]): { V: Float64Array; h: number }[] {
  const size = Math.max(...inputs.map(sizeOf));
  const flat = { V: new Float64Array(inputs[0].length), h: linear ? 1 : LARGE * size };
  if (linear) return [flat];
  if (isBoundByUse(program)) return inputs.map((V) => ({ V, h: SMALL * sizeOf(V) }));
  return [flat, ...inputs.flatMap((V) => [1, 1e-3].map((part) => ({ V, h: part * sizeOf(V) })))];
}

/**
 * Value nodes at an end of an x-axis that some control leaves, and those from which a foot passes it: there V goes on
 * along the slope of the last cell. Feet of an interpolation are moved to the boundary instead, which is monotone.
 */
function uncontrolledOutflow(program: StepProgram): Set<number> {
  const { slow, buffers } = program;
  const values = buffers[program.value].length;
  const nodes = noisyEnds(program);
  for (const phase of program.phases) {
    if (!('differencing' in phase) || phase.differencing.kind.claims.monotone === 'always') continue;
    for (const { rates } of phase.minimum.candidates) {
      for (const [axis, slot] of rates.slice(0, slow.shape.length).entries()) {
        buffers[slot].forEach((rate, k) => {
          const position = Math.floor((k % slow.size) / slow.strides[axis]) % slow.shape[axis];
          const room = rate > 0 ? slow.shape[axis] - 1 - position : position;
          const end = k + Math.sign(rate) * room * slow.strides[axis];
          const leaves = rate !== 0 && buffers[slot][end] * rate > 0;
          if (leaves && (room === 0 || phase.foot * Math.abs(rate) > room)) nodes.add(k % values);
        });
      }
    }
  }
  return nodes;
}

/** Value nodes near the ends of the x-box with noise whose second differences are those of inner nodes. */
function noisyEnds({ slow, buffers, phases, value }: StepProgram): Set<number> {
  const nodes = new Set<number>();
  for (const phase of phases) {
    if (!('noise' in phase) || phase.noise === undefined || phase.noise.columns !== undefined) continue;
    const { directions, reach, steady } = phase.noise;
    const rates = steady?.map((slot) => buffers[slot]) ?? null;
    forEachNearEnds({ directions, reach, rates }, slow, (k) => nodes.add(k % buffers[value].length));
  }
  return nodes;
}

/** Whether noise between nodes leaves the x-box: arms along its columns end there. */
export function hasNoisyEnds(program: StepProgram): boolean {
  return noisyEnds(program).size > 0;
}

/**
 * max (S(V) − S(W))⁺ over pairs V ≤ W: every state, raised at every third node by its own size and by little. Lines in
 * y with uncontrolled outflow are left out.
 */
function largestDecrease({ program, probing, states }: CertifiedStep): Promise<number> {
  return withStep(probing, program, (map) => decreaseOf(map, program, states));
}

async function decreaseOf(map: FieldMap, program: StepProgram, states: readonly Float64Array[]): Promise<number> {
  const lanes = program.slow.size;
  const leftOut = new Set([...uncontrolledOutflow(program)].map((node) => node % lanes));
  let largest = 0;
  for (const V of states) {
    const before = await map(V);
    const size = sizeOf(V);
    for (const part of isBoundByUse(program) ? [SMALL] : [1e-2, 1]) {
      for (let colour = 0; colour < 3; colour++) {
        const after = await map(V.map((value, k) => (k % 3 === colour ? value + part * size : value)));
        after.forEach((value, k) => {
          if (!leftOut.has(k % lanes)) largest = Math.max(largest, before[k] - value);
        });
      }
    }
  }
  return largest;
}

/** Whether a step is monotone for the controls that are used alone: V steeper than it occurs would call for others. */
export function isBoundByUse({ phases }: StepProgram): boolean {
  return phases.some((phase) => {
    if (!('minimum' in phase)) return false;
    const { families, formulas, speeds } = phase.minimum;
    return speeds !== null || (phase.differencing.kind.feet === 'never' && families.length + formulas.length > 0);
  });
}

function differs(measured: Measured): Finding {
  const cause = 'the step that ran is not the composition of its phases';
  return { status: 'fails', measured, where: null, cause, remedy: 'this is a defect of the kernel' };
}

function noteOn(outflow: ReadonlySet<number>): string {
  if (outflow.size === 0) return 'every node';
  const cause = 'where the drift leaves uncontrolled or noise in x does';
  return `every node but ${outflow.size} at the ends of the x-box, ${cause}`;
}

/** The places of a slope in coordinates. */
function whereOf(grid: Grid, { node, neighbour }: LeastSlope): Where {
  const at = (index: number) => {
    const point = new Float64Array(grid.axes.length);
    nodeCoordinates(point, grid, index);
    return [...point];
  };
  return { node: at(node), neighbour: at(neighbour) };
}

/** The images of several fields. */
export async function mapped(map: FieldMap, fields: readonly Float64Array[]): Promise<Float64Array[]> {
  const images: Float64Array[] = [];
  for (const field of fields) images.push(await map(field));
  return images;
}

/** sup|V|, 1 where V = 0. */
function sizeOf(V: Float64Array): number {
  return V.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
}

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
}
