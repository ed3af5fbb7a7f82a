/** Bytes of values that are kept in memory as well: tables look at the same solutions many times. */
export const MOST_RECENT = 2 ** 28;

/** The values that were read last, as many as fit. */
export function recentValues(most: number) {
  const values = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  let held = 0;
  const drop = (key: string) => {
    held -= values.get(key)?.bytes ?? 0;
    values.delete(key);
  };
  return {
    has: (key: string) => values.has(key),
    get: (key: string) => values.get(key)?.value,
    delete: drop,
    add(key: string, found: { readonly value: unknown; readonly bytes: number }) {
      values.set(key, found);
      held += found.bytes;
      for (const oldest of values.keys()) {
        if (held <= most) break;
        drop(oldest);
      }
      return found.value;
    },
  };
}
