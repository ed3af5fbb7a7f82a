/** Remembers the last arguments: a study asks for many points at the same (τ, ε). */
export function lastResult<T>(compute: (a: number, b: number) => T): (a: number, b: number) => T {
  let last: { a: number; b: number; result: T } | undefined;
  return (a, b) => {
    if (last === undefined || last.a !== a || last.b !== b) last = { a, b, result: compute(a, b) };
    return last.result;
  };
}
