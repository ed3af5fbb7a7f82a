/** The scenarios that `hjb init` writes: small ones that pass every check, with a comment for every key. */

const deepRelaxation = `# A scenario of hjb. The keys are explained in docs/scenarios.md;
# hjb check FILE reads this file back as mathematics, hjb study FILE solves it.
title: A loss with two valleys

# dX = -u gamma (X - Y) dt,  dY = (gamma (X - Y) - f'(Y))/eps dt + noise:
# y descends the loss f with noise, x is its slow average, u the learning rate.
model:
  kind: deep-relaxation
  # Powers are ^ or **; where(x < 0, a, b), min, max, huber(x, 1) and softplus(x) are known too.
  loss: "x^2/2 + a*exp(-2*x^2)"
  # The coupling of x and y: (A) asks for more than the Lipschitz constant of f'.
  gamma: 5
  # The range of u; [1, 1] leaves nothing to choose.
  control: [0, 1]

# Numbers with a name; hjb check FILE --set a=0.5 replaces one.
parameters: { a: 1 }

# T, the length of the time interval.
horizon: 0.5

# The box of x; that of y follows from the invariant measure.
domain: { x: [-3, 3] }

# The compact set K on which errors are measured; leave it out for the middle of the boxes.
observe: { x: [-1.5, 1.5], y: [-1, 1] }

# What the study refines: eps, and the nodes of x and y. Several numbers of nodes are levels.
study:
  epsilon: [1, 0.1, 0.01, 0.001]
  nodes: { x: [101, 201], y: 101 }
`;

const slowFast = `# A scenario of hjb. The keys are explained in docs/scenarios.md;
# hjb check FILE reads this file back as mathematics, hjb study FILE solves it.
title: A controlled particle in a fast field

# dX = phi dt,  dY = b/eps dt + noise. Every formula may name x, y, the controls and the parameters.
model:
  kind: slow-fast
  # phi, one formula for every slow variable; with noise  slow: { drift: { x: "…" }, noise: { x: "0.3" } }.
  slow: { x: "u + a*cos(y)" }
  # b = -dPhi/dy of a potential Phi; a drift without one is written  fast: { drift: { y: "x - y" } }.
  # The noise is sqrt(2); another one is written beside it:  noise: { y: "1 + y^2/4" }.
  fast: { potential: "(y - x/2)^2/2" }
  # The set of every control: an interval, real, or { values: [-1, 0, 1] }. Leave it out for none.
  control: { u: [-1, 1] }
  # The running cost; leave it out for none.
  running: "u^2/4"
  # The cost at the end, which may name y; costs at time t count exp(-k*t) with  discount: "k".
  terminal: "x^2/2"

# Numbers with a name; hjb check FILE --set a=0.5 replaces one.
parameters: { a: 1 }

# T, the length of the time interval.
horizon: 0.5

# The box of x; that of y follows from the invariant measure.
domain: { x: [-2.5, 2.5] }

# The compact set K on which errors are measured; leave it out for the middle of the boxes.
observe: { x: [-1, 1], y: [-1, 1] }

# What the study refines: eps, and the nodes of x and y. Several numbers of nodes are levels.
study:
  epsilon: [1, 0.1, 0.01, 0.001]
  nodes: { x: [101, 201], y: 101 }
`;

const plane = `# A scenario of hjb with two slow and two fast variables. The keys are explained in docs/scenarios.md;
# hjb check FILE reads this file back as mathematics, hjb study FILE solves it.
title: Two slow and two fast variables

# Names end in 1 and 2: x1, x2 are slow, y1, y2 fast.
model:
  kind: slow-fast
  # phi, one formula for every slow variable.
  slow: { x1: "-u*(x1 - y1)", x2: "-u*(x2 - y2)" }
  # b = -dPhi/dy of a potential Phi; a drift is written  fast: { drift: { y1: "…", y2: "…" } }.
  fast: { potential: "((y1 - x1/2)^2 + (y2 - x2/2)^2 + c*y1*y2)/2" }
  # The set of every control: an interval, real, or { values: [-1, 0, 1] }. Leave it out for none.
  control: { u: [0, 1] }
  # The cost at the end.
  terminal: "(x1^2 + x2^2)/2"

# Numbers with a name; hjb check FILE --set c=0 replaces one.
parameters: { c: 0.5 }

# T, the length of the time interval.
horizon: 0.5

# One interval is that of every slow variable; the box of y follows from the invariant measure.
domain: { x: [-2, 2] }

# The compact set K on which errors are measured.
observe: { x: [-1, 1], y: [-1, 1] }

# A grid of N nodes per axis has N^4 nodes. A sharp scheme is worth having on so coarse a one.
study:
  scheme: filtered
  epsilon: [1, 0.1, 0.01]
  nodes: { x: [13, 17, 21], y: [13, 17, 21] }
`;

const general = `# A scenario of hjb with noise in both variables. The keys are explained in docs/scenarios.md;
# hjb check FILE reads this file back as mathematics and decides the assumptions of the theory.
title: Noise in the slow and in the fast variable

# dX = phi dt + s dW,  dY = b/eps dt + r/sqrt(eps) dB with W and B independent.
model:
  kind: slow-fast
  # phi and s, one formula for every slow variable; a list gives coefficients of Brownian motions that x1 and x2 share.
  slow: { drift: { x: "u - a*x" }, noise: { x: "0.3 + 0.2*cos(y)" } }
  # b and r; r must not vanish in the box of y. Leave the noise out for sqrt(2).
  fast: { drift: { y: "x/2 - y" }, noise: { y: "1.4 + 0.3*tanh(y)" } }
  # The set of every control: an interval, real, or { values: [-1, 0, 1] }. Leave it out for none.
  control: { u: [-1, 1] }
  # The running cost; leave it out for none.
  running: "u^2/4"
  # The cost at the end, which may name y: the limit then has its mean over y.
  terminal: "x^2/2"
  # Costs at time t count exp(-k*t).
  discount: "k"

# Numbers with a name; hjb check FILE --set a=0.5 replaces one.
parameters: { a: 1, k: 0.1 }

# T, the length of the time interval.
horizon: 0.5

# The box of x; that of y follows from the invariant measure.
domain: { x: [-3, 3] }

# The compact set K on which errors are measured; leave it out for the middle of the boxes.
observe: { x: [-1, 1], y: [-1, 1] }

# What the study refines: eps, and the nodes of x and y. Several numbers of nodes are levels.
study:
  epsilon: [1, 0.1, 0.01, 0.001]
  nodes: { x: [101, 201], y: 101 }
`;

/** Texts by the names of --model. */
export const firstScenarios: Readonly<Record<string, string>> = {
  'deep-relaxation': deepRelaxation,
  'slow-fast': slowFast,
  general,
  plane,
};
