import { type Certificate, certified, type Finding, shownWhere } from '../../../solvers/index.ts';
import { type EquationName, methodOf } from '../../../src/time/schemes.ts';
import type { Request } from '../flags/command.ts';
import { facts, heading } from './layout.ts';

/** The certificates as text. */
export function certificateText({ io }: Request, certificates: readonly Certificate[]): string {
  return certificates
    .map((certificate) => {
      const rows = certified.flatMap(([name, statement]) => findingRows(name, statement, certificate[name]));
      return `\n${heading(io, `Certificate of ${shownStep(certificate)}`)}\n${facts(rows)}`;
    })
    .join('');
}

/** Vᵉ, ε = 0.1: upwind, IMEX Euler, 401 × 101 nodes, 2000 steps. */
function shownStep({ of }: Certificate): string {
  const value = of.epsilon === null ? 'v' : `Vᵉ, ε = ${of.epsilon}`;
  const { scheme, time } = methodOf(of.equation as EquationName, of);
  const nodes = [...of.nodes.x, ...of.nodes.y].join(' × ');
  return `${value}: ${scheme.label}, ${time.label}, ${nodes} nodes, ${of.steps} steps, on ${of.backend}`;
}

function findingRows(name: string, statement: string, finding: Finding): [string, string][] {
  const rows: [string, string][] = [
    [`${finding.status}  ${name}`, statement],
    ['', shownConstants(finding.measured)],
  ];
  if (finding.status !== 'fails') return [...rows, ['', finding.note]];
  const at: [string, string][] = finding.where === null ? [] : [['', `at ${shownWhere(finding.where)}`]];
  return [...rows, ...at, ['', finding.cause], ['', finding.remedy]];
}

/** rate = 2, slack = 1. */
function shownConstants(constants: Readonly<Record<string, number>>): string {
  return Object.entries(constants)
    .map(([name, value]) => `${name} = ${Number(value.toPrecision(4))}`)
    .join(', ');
}
