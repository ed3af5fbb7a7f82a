/**
 * A certificate: what the convergence theorem of Barles and Souganidis (1991, Theorem 2.1) asks of a scheme, measured
 * on the step program that ran, at its dt, its ε and its grid. Monotone, stable and consistent schemes converge to the
 * viscosity solution where comparison holds; the fourth entry says what cutting the domain off costs.
 */

/** A node in (x,y), and the neighbour whose value acts on it. */
export interface Where {
  readonly node: readonly number[];
  readonly neighbour?: readonly number[];
}

/** Figures found, by the name they are shown with. */
export type Measured = Readonly<Record<string, number>>;

/** One property: it holds, it fails at a place for a cause, or the scheme does not claim it. */
export type Finding =
  | { readonly status: 'holds'; readonly measured: Measured; readonly note: string }
  | {
      readonly status: 'fails';
      readonly measured: Measured;
      readonly where: Where | null;
      readonly cause: string;
      readonly remedy: string;
    }
  | { readonly status: 'not claimed'; readonly measured: Measured; readonly note: string };

/** What Barles and Souganidis (1991) ask of a scheme, found for one solve; `certified` says what each part means. */
export interface Certificate {
  /** What was certified: the method, its step and its grid. */
  readonly of: {
    readonly equation: 'epsilon' | 'effective';
    readonly scheme: string;
    readonly time: string;
    /** Null for the effective equation. */
    readonly epsilon: number | null;
    /** Per axis. */
    readonly nodes: { readonly x: readonly number[]; readonly y: readonly number[] };
    readonly steps: number;
    readonly dt: number;
    readonly backend: string;
  };
  readonly monotone: Finding;
  readonly stable: Finding;
  readonly consistent: Finding;
  readonly domain: Finding;
}

/** The properties in the order they are shown, with what each one says. */
export const certified: readonly (readonly [keyof Omit<Certificate, 'of'>, string])[] = [
  ['monotone', 'V ≤ W stays so in a step'],
  ['stable', '|V| stays below a bound that no grid enters'],
  ['consistent', 'on smooth functions a step tends to the equation'],
  ['domain', 'cutting the domain off does not show on K'],
];

/** The properties that fail: fact, place, cause, remedy. What fails alike for both equations is said once. */
export function failuresOf(certificates: readonly Certificate[]): string[] {
  const equations = new Map<string, string[]>();
  for (const [name, statement] of certified) {
    for (const certificate of certificates) {
      const finding = certificate[name];
      if (finding.status !== 'fails') continue;
      const at = finding.where === null ? '' : ` at ${shownWhere(finding.where)}`;
      const failure = `${name} (${statement})${at} – ${finding.cause} – ${finding.remedy}`;
      const { epsilon } = certificate.of;
      equations.set(failure, [...(equations.get(failure) ?? []), epsilon === null ? 'v' : `Vᵉ, ε = ${epsilon}`]);
    }
  }
  return [...equations].map(([failure, of]) => `of ${of.join(', and of ')}: not certified ${failure}`);
}

/** The place in words, such as: (x, y) = (1.25, −0.3), neighbour (1.275, −0.3). */
export function shownWhere({ node, neighbour }: Where): string {
  const names = node.length === 1 ? 'x' : node.length === 2 ? '(x, y)' : 'node';
  return `${names} = ${point(node)}${neighbour === undefined ? '' : `, neighbour ${point(neighbour)}`}`;
}

function point(coordinates: readonly number[]): string {
  const shown = coordinates.map((value) => Number(value.toPrecision(6))).join(', ');
  return coordinates.length === 1 ? shown : `(${shown})`;
}
