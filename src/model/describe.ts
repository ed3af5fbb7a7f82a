import { type GeneralTerm, termsOf } from './general-terms.ts';
import { dimensionsOf, type Problem } from './problem.ts';

type Row = readonly [string, string];

/** ḡ, with a bar of its own as in H̄. */
const MEAN = 'g\u0304';

/**
 * The problem as mathematics, name and formula: the system, the cost, H, the ε-HJB equation and its limit
 * (Bardi, Kouhkouh 2023, (CSε), (HJBε) and the effective Cauchy problem; with noise in x, a noise r of y, a terminal
 * cost g(x,y) and a discount: arXiv:2208.00655), then the formulas as the user wrote them. Only terms that the problem
 * has are written.
 */
export function describeProblem(problem: Problem): readonly Row[] {
  const { horizon } = problem;
  const { n, m } = dimensionsOf(problem);
  const parts = partsOf(problem);
  return [
    ['system', systemOf(parts)],
    ['spaces', `X ∈ ${space(n)} slow,  Y ∈ ${space(m)} fast,  u ∈ U,  T = ${horizon}`],
    ['value', `Vᵉ(t,x,y) = inf over u of E[${costOf(parts)}]`],
    ['Hamiltonian', hamiltonianOf(parts)],
    ['ε-HJB', equationOf(parts)],
    ['limit', limitOf(parts)],
    ...sourceLine(problem, parts),
    ['μ_x', measure(problem, parts)],
    ...problem.formulas,
  ];
}

/** Which terms a problem has, and the letters that depend on them. */
interface Parts {
  readonly has: (term: GeneralTerm) => boolean;
  readonly hasRunning: boolean;
  /** The Brownian motion of y: B where that of x is W. */
  readonly motion: 'W' | 'B';
}

function partsOf(problem: Problem): Parts {
  const terms = termsOf(problem);
  const has = (term: GeneralTerm) => terms.includes(term);
  return { has, hasRunning: problem.runningCost !== undefined, motion: has('slowNoise') ? 'B' : 'W' };
}

function systemOf({ has, motion }: Parts): string {
  const drift = has('centredDrift') ? '[ε^(−1/2) g₀(X,Y) + φ(X,Y,u)] dt' : 'φ(X,Y,u) dt';
  const slow = `dX = ${drift}${has('slowNoise') ? ' + s(X,Y,u) dW' : ''}`;
  const noise = has('fastNoise') ? 'r(X,Y)/√ε' : '√(2/ε)';
  const apart = has('slowNoise') ? ',  W, B independent' : '';
  return `${slow},  dY = b(X,Y)/ε dt + ${noise} d${motion}${apart}`;
}

function costOf({ has, hasRunning }: Parts): string {
  const [during, end] = has('discount') ? ['e^(−λt) ', 'e^(−λT) '] : ['', ''];
  const integral = hasRunning ? `∫₀ᵀ ${during}ℓ(X,Y,u) dt + ` : '';
  return `${integral}${end}${has('terminalInY') ? 'g(X_T,Y_T)' : 'f(X_T)'}`;
}

function hamiltonianOf({ has, hasRunning }: Parts): string {
  const rate = hasRunning ? ' + ℓ(x,y,u)' : '';
  if (!has('slowNoise')) return `H(x,y,p) = −min over u ∈ U of [φ(x,y,u)·p${rate}]`;
  return `H(x,y,p,M) = −min over u ∈ U of [tr(a(x,y,u)M) + φ(x,y,u)·p${rate}],  a = ½ssᵀ`;
}

function equationOf({ has }: Parts): string {
  const discounted = has('discount') ? ' + λVᵉ' : '';
  const slopes = has('slowNoise') ? 'D_xVᵉ,D²_xVᵉ' : 'D_xVᵉ';
  const diffusion = has('fastNoise') ? 'tr(αD²_yVᵉ)' : 'Δ_yVᵉ';
  const end = has('terminalInY') ? 'g(x,y)' : 'f(x)';
  const halves = has('fastNoise') ? ',  α = ½rrᵀ' : '';
  const centred = has('centredDrift') ? ' − ε^(−1/2) g₀·D_xVᵉ' : '';
  const slow = `−∂ₜVᵉ${discounted} + H(x,y,${slopes})${centred}`;
  return `${slow} − (1/ε)(b·D_yVᵉ + ${diffusion}) = 0,  Vᵉ(T,x,y) = ${end}${halves}`;
}

function limitOf({ has }: Parts): string {
  if (has('centredDrift')) return 'dX = F(X) dt + √(2A(X)) dW, F and A by the corrector of g₀: hjb homogenize';
  const discounted = has('discount') ? ' + λv' : '';
  const [slopes, arguments_] = has('slowNoise') ? ['Dv,D²v', 'p,M'] : ['Dv', 'p'];
  const [end, mean] = has('terminalInY') ? [`${MEAN}(x)`, `,  ${MEAN}(x) = ∫ g(x,y) dμ_x(y)`] : ['f(x)', ''];
  const effective = `H̄(x,${arguments_}) = ∫ H(x,y,${arguments_}) dμ_x(y)`;
  return `−∂ₜv${discounted} + H̄(x,${slopes}) = 0,  v(T,x) = ${end},  ${effective}${mean}`;
}

function sourceLine({ source }: Problem, { has }: Parts): Row[] {
  if (source === undefined) return [];
  const letter = has('slowNoise') ? 'q' : 's';
  return [['source', `an additional cost e^(−${source.decay}τ)·${letter}(x,y) per unit of time`]];
}

function space(dimension: number): string {
  return `R${['', '', '²', '³'][dimension]}`;
}

function measure({ fast }: Problem, { has, motion }: Parts): string {
  if (fast.deepRelaxation !== undefined) return 'density ∝ exp(−f(y) − γ|x−y|²/2)';
  if (fast.kind === 'potential') return 'density ∝ exp(−Φ(x,y)),  b = −D_yΦ';
  const noise = has('fastNoise') ? 'r(x,Y)' : '√2';
  return `the invariant measure of dY = b(x,Y) dt + ${noise} d${motion} at frozen x`;
}
