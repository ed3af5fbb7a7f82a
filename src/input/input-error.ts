/** The part of a problem an error speaks about, so that the reader of a scenario can name its line. */
export type Subject =
  | 'slowDrift'
  | 'fastDrift'
  | 'fastPotential'
  | 'terminalCost'
  | 'runningCost'
  | 'loss'
  | 'control'
  | 'domain'
  | 'exact';

/**
 * What the user gave cannot be used: the fact, its cause and the remedy, in that order.
 * The command line prints `file:line – fact – cause – remedy` and exits with code 2.
 */
export class InputError extends Error {
  readonly fact: string;
  override readonly cause: string;
  readonly remedy: string;
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
