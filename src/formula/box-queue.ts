/** Boxes of R^n by their lower bounds, the least one first: a binary heap in one array, 1 + 2n numbers a box. */
export interface BoxQueue {
  /** The least bound in the queue; ∞ if it is empty. */
  readonly least: number;
  readonly clear: () => void;
  readonly push: (bound: number, lower: Float64Array, upper: Float64Array) => void;
  /** Takes the box of least bound out, into lower and upper; returns its bound. */
  readonly pop: (lower: Float64Array, upper: Float64Array) => number;
}

/** A queue for at most `capacity` boxes of R^n. Does not allocate when used. */
export function boxQueue(n: number, capacity: number): BoxQueue {
  const stride = 1 + 2 * n;
  // A box on its way waits behind the last one.
  const heap: Heap = { numbers: new Float64Array((capacity + 1) * stride), stride, wait: capacity };
  const { numbers } = heap;
  let size = 0;
  return {
    get least() {
      return size > 0 ? numbers[0] : Number.POSITIVE_INFINITY;
    },
    clear: () => {
      size = 0;
    },
    push: (bound, lower, upper) => {
      const at = size * stride;
      numbers[at] = bound;
      for (let k = 0; k < n; k++) {
        numbers[at + 1 + k] = lower[k];
        numbers[at + 1 + n + k] = upper[k];
      }
      rise(heap, size++);
    },
    pop: (lower, upper) => {
      const bound = numbers[0];
      for (let k = 0; k < n; k++) {
        lower[k] = numbers[1 + k];
        upper[k] = numbers[1 + n + k];
      }
      size--;
      move(heap, size, 0);
      sink(heap, size);
      return bound;
    },
  };
}

interface Heap {
  readonly numbers: Float64Array;
  readonly stride: number;
  readonly wait: number;
}

function move({ numbers, stride }: Heap, from: number, to: number): void {
  numbers.copyWithin(to * stride, from * stride, (from + 1) * stride);
}

function boundOf({ numbers, stride }: Heap, place: number): number {
  return numbers[place * stride];
}

function rise(heap: Heap, place: number): void {
  let at = place;
  move(heap, at, heap.wait);
  for (let parent = (at - 1) >> 1; at > 0 && boundOf(heap, parent) > boundOf(heap, heap.wait); parent = (at - 1) >> 1) {
    move(heap, parent, at);
    at = parent;
  }
  move(heap, heap.wait, at);
}

function sink(heap: Heap, size: number): void {
  let at = 0;
  move(heap, at, heap.wait);
  for (let child = 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && boundOf(heap, child + 1) < boundOf(heap, child)) child++;
    if (boundOf(heap, child) >= boundOf(heap, heap.wait)) break;
    move(heap, child, at);
    at = child;
  }
  move(heap, heap.wait, at);
}
