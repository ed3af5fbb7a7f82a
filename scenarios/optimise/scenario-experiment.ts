import { InputError } from '../../src/input/input-error.ts';
import type { Interval } from '../../src/model/problem.ts';
import { deepRelaxation } from '../../src/optimiser/deep-relaxation.ts';
import { entropySgd } from '../../src/optimiser/entropy-sgd.ts';
import { gradientDescent } from '../../src/optimiser/gradient-descent.ts';
import type { LearningRate } from '../../src/optimiser/learning-rate.ts';
import { objectiveOf } from '../../src/optimiser/objective.ts';
import type { Optimiser, OptimiserName } from '../../src/optimiser/optimiser.ts';
import { stochasticGradientDescent } from '../../src/optimiser/stochastic-gradient-descent.ts';
import type { OptimizeSettings, Scenario } from '../scenario.ts';
import type { Experiment, RateName, Task } from './experiment.ts';

/** Descent of the loss of a deep-relaxation scenario. Throws InputError for a scenario without a loss. */
export function scenarioExperiment({ name, title, problem, optimize }: Scenario): Experiment {
  const { controls } = problem;
  if (problem.fast.deepRelaxation === undefined || optimize === null || controls.kind !== 'box') {
    throw new InputError(
      `${name} has no loss to descend`,
      'only a deep-relaxation model has one',
      'choose a scenario with model.kind deep-relaxation, or digits',
    );
  }
  const { gamma } = problem.fast.deepRelaxation;
  const rates = { lower: controls.lower[0], upper: controls.upper[0] };
  const task: Task = {
    objective: objectiveOf(problem.fast.deepRelaxation),
    start(out, random) {
      optimize.from.forEach(({ lower, upper }, i) => {
        out[i] = lower + (upper - lower) * random.uniform();
      });
    },
    measures: [],
  };
  return {
    name,
    title,
    facts: problem.formulas.filter(([label]) => !/^[∂∇]/u.test(label)),
    unit: 'gradients of f',
    evaluations: optimize.evaluations,
    seeds: 100,
    optimiser: (method, rate) => optimiserOf(method, optimize, { gamma, rate: learningRate(rate, rates) }),
    task: () => task,
    valleys: optimize.valleys,
  };
}

type Numbers = Pick<OptimizeSettings, 'descent' | 'langevin' | 'entropySgd' | 'deepRelaxation'>;

/** A method with the numbers of the settings. */
export function optimiserOf(
  method: OptimiserName,
  { descent, langevin, entropySgd: outer, deepRelaxation: slow }: Numbers,
  { gamma, rate }: { readonly gamma: number; readonly rate: LearningRate },
): Optimiser {
  const fast = { gamma, fastStep: langevin.step, temperature: langevin.temperature, rate };
  switch (method) {
    case 'gradient-descent':
      return gradientDescent(descent);
    case 'sgd':
      return stochasticGradientDescent(descent);
    case 'entropy-sgd':
      return entropySgd({ ...fast, innerSteps: outer.inner, average: outer.average, step: outer.step });
    case 'deep-relaxation':
      return deepRelaxation({ ...fast, epsilon: slow.epsilon, average: slow.average });
  }
}

/** u at the upper end of U, or the feedback of the limit problem between both. */
export function learningRate(name: RateName, rates: Interval): LearningRate {
  return name === 'fixed' ? { kind: 'fixed', rate: rates.upper } : { kind: 'limit', ...rates };
}
