/** Fast processes in R^m drawn at random, for properties that hold for all of them. */
import fc from 'fast-check';
import type { Coordinates, FastField, Problem } from '../src/model/problem.ts';
import { inSpace } from './problems.ts';

type FastDimension = 1 | 2 | 3;

const coefficient = fc.double({ min: -3, max: 3, noNaN: true });
const axesOf = (m: FastDimension) => Array.from({ length: m }, (_, i) => i);

/** Potentials with wells that couple the axes. */
export const withPotential = (m: FastDimension) =>
  fc.tuple(coefficient, coefficient, coefficient).map(([a, b, c]): Problem => {
    const axes = axesOf(m);
    const potential: FastField = (x, y) =>
      axes.reduce((sum, i) => sum + y[i] ** 4 / 8 + (a * y[i] ** 2) / 2 + b * y[i] * y[(i + 1) % m], c * x[0] * y[0]);
    const drift = axes.map((i): FastField => {
      const [next, last] = [(i + 1) % m, (i + m - 1) % m];
      return (x, y) => -(y[i] ** 3 / 2 + a * y[i] + b * (y[next] + y[last]) + (i === 0 ? c * x[0] : 0));
    });
    return inSpace(m, { potential, drift });
  });

/** Drifts of any kind, rotations among them. */
export const withDrift = (m: FastDimension) =>
  fc.array(coefficient, { minLength: m * m, maxLength: m * m }).map((matrix): Problem => {
    const axes = axesOf(m);
    const row = (i: number): FastField => {
      return (x, y) => axes.reduce((sum, j) => sum + matrix[i * m + j] * y[j], Math.sin(y[i]) - x[0]);
    };
    return inSpace(m, { drift: axes.map(row) });
  });

/** Potentials that confine to a ball of radius 5: outside, e^−Φ is below 1e-6 of its maximum. */
export const confined = (m: FastDimension) =>
  fc.tuple(coefficient, coefficient, coefficient).map(([a, b, c]): Problem => {
    const axes = axesOf(m);
    const potential: FastField = (x, y) =>
      axes.reduce((sum, i) => sum + y[i] ** 2 + (a * y[i] * y[(i + 1) % m] + b * Math.sin(y[i])) / 6, c * x[0] * y[0]);
    const drift = axes.map((i): FastField => {
      const [next, last] = [(i + 1) % m, (i + m - 1) % m];
      return (x, y) => -(2 * y[i] + (a * (y[next] + y[last]) + b * Math.cos(y[i])) / 6 + (i === 0 ? c * x[0] : 0));
    });
    return inSpace(m, { potential, drift });
  });

/** A contraction, a rotation and a ripple: no potential for m > 1, confined to the same ball. */
export const spinning = (m: FastDimension) =>
  fc.tuple(coefficient, coefficient, coefficient).map(([a, b, c]): Problem => {
    const turned = (i: number, y: Coordinates) => (m === 1 || i === 2 ? 0 : i === 0 ? a * y[1] : -a * y[0]);
    const row = (i: number): FastField => {
      return (x, y) => -1.5 * y[i] + turned(i, y) + 0.2 * (b * Math.cos(y[i]) + c * x[0]);
    };
    return inSpace(m, { drift: axesOf(m).map(row) });
  });
