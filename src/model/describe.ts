import { dimensionsOf, type Problem } from './problem.ts';

/**
 * The problem as mathematics, name and formula: the system, the cost, H, the ε-HJB equation and its limit
 * (Bardi, Kouhkouh 2023, (CSε), (HJBε) and the effective Cauchy problem), then the formulas as the user wrote them.
 */
export function describeProblem(problem: Problem): readonly (readonly [string, string])[] {
  const { horizon, runningCost } = problem;
  const { n, m } = dimensionsOf(problem);
  const [integral, rate] = runningCost === undefined ? ['', ''] : ['∫₀ᵀ ℓ(X,Y,u) dt + ', ' + ℓ(x,y,u)'];
  return [
    ['system', 'dX = φ(X,Y,u) dt,  dY = b(X,Y)/ε dt + √(2/ε) dW'],
    ['spaces', `X ∈ ${space(n)} slow,  Y ∈ ${space(m)} fast,  u ∈ U,  T = ${horizon}`],
    ['value', `Vᵉ(t,x,y) = inf over u of E[${integral}f(X_T)]`],
    ['Hamiltonian', `H(x,y,p) = −min over u ∈ U of [φ(x,y,u)·p${rate}]`],
    ['ε-HJB', '−∂ₜVᵉ + H(x,y,D_xVᵉ) − (1/ε)(b·D_yVᵉ + Δ_yVᵉ) = 0,  Vᵉ(T,x,y) = f(x)'],
    ['limit', '−∂ₜv + H̄(x,Dv) = 0,  v(T,x) = f(x),  H̄(x,p) = ∫ H(x,y,p) dμ_x(y)'],
    ...sourceLine(problem),
    ['μ_x', measure(problem)],
    ...problem.formulas,
  ];
}

function sourceLine({ source }: Problem): [string, string][] {
  return source === undefined ? [] : [['source', `an additional cost e^(−${source.decay}τ)·s(x,y) per unit of time`]];
}

function space(dimension: number): string {
  return `R${['', '', '²', '³'][dimension]}`;
}

function measure({ fast }: Problem): string {
  if (fast.deepRelaxation !== undefined) return 'density ∝ exp(−f(y) − γ|x−y|²/2)';
  if (fast.kind === 'potential') return 'density ∝ exp(−Φ(x,y)),  b = −D_yΦ';
  return 'the invariant measure of dY = b(x,Y) dt + √2 dW at frozen x';
}
