/** Fields that take memory at their first value that is not 0: a control at rest needs none. */
export interface LazyField {
  /** values[at + s] = row[s]/divisor. */
  setRow(at: number, row: Float64Array, divisor: number): void;
  /** Takes the values of another field. */
  copy(from: LazyField): void;
  /** The values; null while all are 0. */
  array(): Float64Array | null;
  filled(): Float64Array;
}

export function lazyField(allocate: () => Float64Array): LazyField {
  let array: Float64Array | null = null;
  const filled = () => {
    array ??= allocate();
    return array;
  };
  return {
    setRow(at, row, divisor) {
      const first = array === null ? firstBeside0(row, divisor) : 0;
      if (first === row.length) return;
      const values = filled();
      for (let s = first; s < row.length; s++) values[at + s] = row[s] / divisor;
    },
    copy(from) {
      const values = from.array();
      if (values !== null) filled().set(values);
    },
    array: () => array,
    filled,
  };
}

function firstBeside0(row: Float64Array, divisor: number): number {
  let s = 0;
  while (s < row.length && row[s] / divisor === 0) s++;
  return s;
}
