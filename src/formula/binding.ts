/** How tightly what a formula is written with binds: what binds less stands in brackets. */
export const [COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM] = [0, 1, 2, 3, 4, 5] as const;
