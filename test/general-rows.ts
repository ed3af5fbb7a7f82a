/**
 * The rows of test/fixtures/reference-general.json as solves of at most 201 × 101 nodes: a scenario, its nodes, its ε
 * and the points with exact values. Its plane, lq_2d, stands elsewhere.
 */
import { generalReference } from './general-problems.ts';

export interface ExactPoint {
  readonly x: number;
  readonly y: number;
  readonly V: number;
}

/** What `hjb solve` is asked for, and what is known. */
export interface ReferenceSolve {
  readonly model: string;
  readonly scenario: string;
  readonly nodes: string;
  readonly epsilon: number;
  readonly points: readonly ExactPoint[];
}

type Row = ExactPoint & { readonly epsilon: number };

const EPSILONS = [1, 0.1, 0.01, 0.001];

function solves(model: string, scenario: string, nodes: string, rows: readonly Row[]): ReferenceSolve[] {
  return EPSILONS.map((epsilon) => {
    return { model, scenario, nodes, epsilon, points: rows.filter((row) => row.epsilon === epsilon) };
  }).filter(({ points }) => points.length > 0);
}

const observed = 'horizon: 1\nobserve: { x: [-1, 1], y: [-1, 1] }\n';

/** `lq_1d`. */
export const quadratic = `title: LQ with slow noise
model:
  kind: slow-fast
  slow: { drift: { x: u + y }, noise: { x: 0.5 } }
  fast: { potential: y^2/2 }
  control: { u: real }
  terminal: x^2/4
  running: (x^2 + u^2)/2
domain: { x: [-3, 3] }
${observed}`;

/** `gauss_terminal_xy`. */
export const gaussian = `title: Gaussian
model:
  kind: slow-fast
  slow: { drift: { x: "-0.5*x+0.4*y" }, noise: { x: "0.3" } }
  fast: { drift: { y: "x-2*y" }, noise: { y: "0.7*sqrt(2)" } }
  terminal: "(x^2+0.8*x*y+0.6*y^2)/2"
  discount: 0.25
domain: { x: [-2.5, 2.5], y: [-5, 5] }
${observed}`;

const utility = `title: Power utility
model:
  kind: slow-fast
  slow: { drift: { x: 0.02 + u*0.28 - u^2*0.25/(1 + 0.5*sin(y))/2 }, noise: { x: u*sqrt(0.25/(1 + 0.5*sin(y))) } }
  fast: { potential: y^2/2 }
  control: { u: [0, 3.5] }
  terminal: -2*exp(x/2)
domain: { x: [-6.5, 6.5] }
${observed}`;

const fastNoise = `title: Noise in x that depends on y
model:
  kind: slow-fast
  slow: { drift: { x: -0.5*x }, noise: { x: sqrt(2)*(1 + 0.5*y) } }
  fast: { potential: y^2/2 }
  terminal: x^2
domain: { x: [-8, 8] }
${observed}`;

/** (3 − √3)/6: a kink this share of a cell beyond a node leaves no error of order dx² in the mean of a cell. */
const OFF_NODE = (3 - Math.sqrt(3)) / 6;

/** A call, with its strike off the nodes. */
function call(strike: number, nodes: number): string {
  const centre = Math.log(strike) + (OFF_NODE * 2) / (nodes - 1);
  return `title: Heston
model:
  kind: slow-fast
  slow: { drift: { x: -y/2 }, noise: { x: sqrt(y) } }
  fast: { drift: { y: 2*(0.04 - y) }, noise: { y: 0.3*sqrt(y) } }
  terminal: max(exp(x) - ${strike}, 0)
domain: { x: [${centre - 1}, ${centre + 1}], y: [4e-4, 0.3] }
${observed.replace(/observe.*/, 'observe: { x: [-0.1, 0.1], y: [0.02, 0.1] }')}`;
}

const { lq_1d, gauss_terminal_xy, merton, heston } = generalReference;
const hestonRows = (strike: number): Row[] =>
  heston.value.filter((row: { strike: number }) => row.strike === strike).map((row: object) => ({ ...row, x: 0 }));
const mertonRows: Row[] = merton.rows.map((row: { V_over_exp_pz: number }) => ({ ...row, x: 0, V: row.V_over_exp_pz }));

/** All of them, model by model. */
export const referenceSolves: readonly ReferenceSolve[] = [
  ...solves('lq_1d', quadratic, 'x=41,y=81', lq_1d.value),
  ...solves('gauss_terminal_xy', gaussian, 'x=101,y=101', gauss_terminal_xy.value),
  ...solves('merton', utility, 'x=61,y=41', mertonRows),
  ...[0.9, 1, 1.1].flatMap((strike) => {
    return solves(`heston, K = ${strike}`, call(strike, 101), 'x=101,y=101', hestonRows(strike));
  }),
  ...solves('noise of the fast variable', fastNoise, 'x=101,y=101', [{ epsilon: 0.1, x: 1, y: 0.7, V: 2.0004621376 }]),
];
