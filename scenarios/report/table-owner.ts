/** The scenario or command that made a table, and in which run of it. */
export interface Owner {
  readonly name: string;
  readonly run?: string;
}
