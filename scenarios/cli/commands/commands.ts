import type { ListedCommand } from '../flags/command.ts';

/** Every command, in the order of the help; what it needs is loaded when it runs. */
export const commands: readonly ListedCommand[] = [
  {
    name: 'init',
    purpose: 'A problem, and whether the theory holds for it',
    about: 'write a commented scenario to begin with',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'list',
    purpose: 'A problem, and whether the theory holds for it',
    about: 'list the scenarios of the library',
    load: async () => (await import('./list.ts')).list,
  },
  {
    name: 'check',
    purpose: 'A problem, and whether the theory holds for it',
    about: 'print the problem as mathematics, the assumptions of the theory with their constants, and certificates',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'study',
    purpose: 'Its limit as ε → 0: the whole study',
    about: 'run the convergence study of a scenario: tables, fields and a report',
    resumes: 'finished cases are kept; the same command goes on from them',
    load: async () => (await import('./study.ts')).study,
  },
  {
    name: 'report',
    purpose: 'Its limit as ε → 0: the whole study',
    about: 'write report.html again from the study.json of a results folder',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'plot',
    purpose: 'Its limit as ε → 0: the whole study',
    about: 'write a figure of a results folder as an SVG or PNG file, or list its figures',
    load: async () => (await import('./plot.ts')).plot,
  },
  {
    name: 'compare',
    purpose: 'Its limit as ε → 0: the whole study',
    about: 'compare two scenarios, two schemes or two results: what differs, and whether the bounds explain it',
    load: async () => (await import('./compare.ts')).compare,
  },
  {
    name: 'solve',
    purpose: 'One equation at a time',
    about: 'solve the ε-HJB problem and print Vᵉ(τ = T) at points',
    load: async () => (await import('./solve.ts')).solve,
  },
  {
    name: 'effective',
    purpose: 'One equation at a time',
    about: 'solve the effective equation and print v(τ = T) at points',
    load: async () => (await import('./effective.ts')).effective,
  },
  {
    name: 'hamiltonian',
    purpose: 'One equation at a time',
    about: 'print the effective Hamiltonian H̄(x,p) by one of four routes that must agree, or over directions of p',
    load: async () => (await import('./hamiltonian.ts')).hamiltonian,
  },
  {
    name: 'cell',
    purpose: 'One equation at a time',
    about: 'solve the truncated δ-cell problem on the ball of radius n and print −δω and the exit weight',
    load: async () => (await import('./cell.ts')).cell,
  },
  {
    name: 'measure',
    purpose: 'One equation at a time',
    about: 'print the invariant measure at frozen x: local entropy F, ∇F, mean, covariance, normaliser',
    load: async () => (await import('./measure.ts')).measure,
  },
  {
    name: 'homogenize',
    purpose: 'One equation at a time',
    about: 'print the effective drift and diffusion of an uncontrolled system, by the corrector of a centred drift',
    load: async () => (await import('./homogenize.ts')).homogenizeCommand,
  },
  {
    name: 'simulate',
    purpose: 'Paths and descents',
    about: 'simulate paths of the two-scale system under a control and print E[cost] and E|X_T − X̂_T|²',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  {
    name: 'optimize',
    purpose: 'Paths and descents',
    about: 'descend a loss by Entropy-SGD, deep relaxation, SGD and gradient descent, and compare them over many seeds',
    load: async () => (await import('./optimize.ts')).optimize,
  },
  {
    name: 'reproduce',
    purpose: 'The theory and the machine',
    about: 'measure every claim of the theory, and say of each whether it holds',
    load: async () => (await import('./reproduce.ts')).reproduce,
  },
  {
    name: 'bench',
    purpose: 'The theory and the machine',
    about: 'measure the hot loops: time per node and step, and what part of the copy bandwidth they use',
    load: async () => (await import('./bench.ts')).bench,
  },
];
