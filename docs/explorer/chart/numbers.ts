/** Numbers as they are read: 0.183, 1.83·10⁻⁴; ticks at round numbers. */

const RAISED = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' } as const;

export function raised(exponent: number): string {
  return [...String(exponent)].map((digit) => RAISED[digit as keyof typeof RAISED]).join('');
}

/** Some significant digits; powers of ten for the very small and the very large. */
export function shown(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const [mantissa, exponent] = value
    .toExponential(digits - 1)
    .split('e')
    .map(Number);
  if (exponent >= -3 && exponent < 5) return signed(String(Number(value.toPrecision(digits))));
  if (mantissa === 1) return `10${raised(exponent)}`;
  return signed(`${mantissa}·10${raised(exponent)}`);
}

function signed(text: string): string {
  return text.replace(/^-/, '−');
}

/** Round numbers within a range: about `count` of them at 1, 2 or 5 times a power of ten. */
export function ticksWithin(lower: number, upper: number, count: number): number[] {
  const rough = (upper - lower) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [10, 5, 2, 1, 0.5].map((factor) => factor * power);
  const ticks = (step: number) => {
    const [first, last] = [Math.ceil(lower / step - 1e-9), Math.floor(upper / step + 1e-9)];
    return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
  };
  // From one tick alone nothing can be read off.
  const usual = steps.findLastIndex((step) => step >= rough * 0.999);
  return (
    steps
      .slice(Math.max(usual, 0))
      .map(ticks)
      .find((found) => found.length > 1) ?? ticks(rough)
  );
}

/** Whole powers of ten within a range, every few of them where there are many. */
export function decadesWithin(lower: number, upper: number, count: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(lower) - 1e-9), Math.floor(Math.log10(upper) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  const exponents = Array.from({ length: last - first + 1 }, (_, k) => first + k).filter((each) => each % every === 0);
  return exponents.map((exponent) => 10 ** exponent);
}
