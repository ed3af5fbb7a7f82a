import { InputError, type Subject } from '../../src/input/input-error.ts';

/** An InputError with its place: `file:line – fact – cause – remedy`. */
export class ScenarioError extends InputError {
  /** `file:line`, or the file alone where no line is to blame. */
  readonly place: string;

  constructor(place: string, fact: string, cause: string, remedy: string, subject?: Subject) {
    super(fact, cause, remedy, subject);
    this.name = 'ScenarioError';
    this.place = place;
    this.message = [place, fact, cause, remedy].join(' – ');
  }
}
