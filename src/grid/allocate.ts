/** Gives arrays of zeros; a kernel hands out its own memory here. */
export type Allocate = (length: number) => Float64Array;

export const onHeap: Allocate = (length) => new Float64Array(length);
