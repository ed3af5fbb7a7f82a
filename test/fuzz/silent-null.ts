/**
 * NaN and ∞ in a JSON document are null, so that every null must stand under a key that gives it a meaning, unless the
 * outcome or a warning says that there are no finite numbers.
 */

/** Keys whose null says that there is none, that none is known, or ∞. */
const meant: ReadonlySet<string> = new Set([
  ...[
    'at',
    'where',
    'epsilon',
    'integrand',
    'filter',
    'leftOut',
    'fan',
    'value',
    'valueSource',
    'scheme',
    'valueError',
  ],
  ...['F', 'gradF', 'normalizer', 'lower', 'upper', 'enclosed', 'undershoot', 'controlsError', 'gridError', 'error'],
  ...[
    'estimatedError',
    'unknown',
    'order',
    'total',
    'errors',
    'largest',
    'estimated',
    'exact',
    'sizes',
    'timeStep',
    'exitWeightError',
  ],
  // Of one path.
  ...['agrees', 'standardError', 'band', 'meanSquareStandardError', 'timeStepStandardError'],
]);

/** Where a document has a null without a meaning; null where there is none. */
export function silentNull(document: unknown): string | null {
  const { outcome, warnings = [] } = document as { outcome?: { status: string }; warnings?: readonly string[] };
  const isTold = outcome?.status === 'diverged' || warnings.some((line) => line.includes('no finite number'));
  return isTold ? null : nullIn(document, '', '');
}

function nullIn(value: unknown, path: string, key: string): string | null {
  if (value === null) return meant.has(key) ? null : `null without a meaning at ${path}`;
  if (typeof value !== 'object') return null;
  for (const [name, part] of Object.entries(value as object)) {
    const found = nullIn(part, `${path}/${name}`, Array.isArray(value) ? key : name);
    if (found !== null) return found;
  }
  return null;
}
