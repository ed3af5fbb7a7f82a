/** The part of a problem an error speaks about, so that the reader of a scenario can name its line. */
export type Subject =
  | 'slowDrift'
  | 'fastDrift'
  | 'slowNoise'
  | 'centredDrift'
  | 'fastPotential'
  | 'fastNoise'
  | 'terminalCost'
  | 'runningCost'
  | 'discount'
  | 'loss'
  | 'control'
  | 'domain'
  | 'exact';

/**
 * What the user gave cannot be used: the fact, its cause and the remedy, in that order.
 * The command line prints `file:line – fact – cause – remedy` and exits with code 2.
 */
export class InputError extends Error {
  /** What is wrong. */
  readonly fact: string;
  /** Why it cannot be used. */
  override readonly cause: string;
  /** What to do instead. */
  readonly remedy: string;
  /** The part of the problem it is about; undefined where it is an option. */
  readonly subject: Subject | undefined;

  constructor(fact: string, cause: string, remedy: string, subject?: Subject) {
    super([fact, cause, remedy].join(' – '));
    this.name = 'InputError';
    this.fact = fact;
    this.cause = cause;
    this.remedy = remedy;
    this.subject = subject;
  }
}
