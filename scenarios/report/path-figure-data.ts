import type { PathStudy } from '../study/path-study.ts';

/** What the figures of paths need; several ε beside each other. */
export type PathFigureData = Pick<PathStudy, 'records' | 'limit' | 'landscape' | 'control'>;
