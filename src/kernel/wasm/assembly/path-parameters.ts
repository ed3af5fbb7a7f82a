/** Where the doubles of a parameter block stand; src/paths/wasm-paths.ts writes them. */
export const DT: usize = 0;
export const NOISE: usize = 8;
/** The axes of a table: lower end, nodes per length and nodes, of x and of y. */
export const AXES: usize = 16;
export const X_LOWER: usize = AXES;
export const X_PER_SPACING: usize = AXES + 8;
export const X_NODES: usize = AXES + 16;
export const SEED_LOW: usize = 64;
export const SEED_HIGH: usize = 72;

/** Of the feedback: the drifts under the second control, on the same axes; axes and address of the slopes. */
export const OTHER_TABLE: usize = 80;
export const SLOPES: usize = 88;
export const SLOPE_TABLE: usize = 136;

/** Of an open loop: the second table as above, and the address of the weights. */
export const WEIGHTS: usize = 88;

/** Of exact steps. */
export const DECAY: usize = 80;
export const LAG: usize = 88;
export const SPREAD: usize = 96;
export const SUM_OF_FIRST: usize = 104;
export const SUM_OF_SECOND: usize = 112;
/** The same of steps half as long, where a step takes the noise of two of them. */
export const HALF_DECAY: usize = 120;
export const HALF_LAG: usize = 128;
export const HALF_SPREAD: usize = 136;
export const HALF_SUM_OF_FIRST: usize = 144;
export const HALF_SUM_OF_SECOND: usize = 152;
