import type { Field, Fields } from '../study/field.ts';

/** Words along an axis. */
export interface TextField extends Pick<Field, 'name' | 'description' | 'axes'> {
  readonly values: readonly string[];
}

/** What a file holds. */
export interface Contents extends Fields {
  readonly texts: readonly TextField[];
  readonly attributes: Readonly<Record<string, string | number | readonly number[]>>;
}
