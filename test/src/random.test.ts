import { expect, test } from 'vitest';
import { logarithm, normalPair, uniform } from '../../src/random/normal.ts';
import { philox } from '../../src/random/philox.ts';

test.each([
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])('Philox4x32-10 gives the known answers of its authors for counter %j and key %j', (counter, key, answer) => {
  const words = Uint32Array.from(counter);
  philox(words, key[0], key[1]);
  expect([...words].map((word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(answer);
});

test('the logarithm of the normals is that of the library to two units in the last place', () => {
  for (let k = 1; k <= 2000; k++) {
    const u = uniform(5, k, [0, 0]) ** (k % 7 === 0 ? 9 : 1);
    expect(Math.abs(logarithm(u) - Math.log(u))).toBeLessThanOrEqual(2 ** -51 * Math.abs(Math.log(u)));
  }
  expect(logarithm(1)).toBe(0);
});

test('normals have the moments 0, 1, 0, 3, and those of a pair and of neighbouring paths are uncorrelated', () => {
  const count = 400_000;
  const pair = new Float64Array(2);
  const sums = new Float64Array(6);
  let last = 0;
  for (let p = 0; p < count; p++) {
    normalPair(pair, 2 ** 40 + 3, p, [0, 0]);
    const [a, b] = pair;
    [a, a ** 2 - 1, a ** 3, a ** 4 - 3, a * b, a * last].forEach((value, k) => {
      sums[k] += value / count;
    });
    last = a;
  }
  // Standard deviations of the six summands under the normal law: 1, √2, √15, √96, 1, 1.
  [1, 2, 15, 96, 1, 1].forEach((variance, k) => {
    expect(Math.abs(sums[k])).toBeLessThan(4 * Math.sqrt(variance / count));
  });
});

test('a draw depends on seed, path, pair and stream, and on nothing before', () => {
  const draw = (...[seed, path, pair, stream]: number[]) => {
    const out = new Float64Array(2);
    normalPair(out, seed, path, [pair, stream]);
    return out.join();
  };
  const first = draw(1, 2, 3, 0);
  const others = [draw(2, 2, 3, 0), draw(1 + 2 ** 32, 2, 3, 0), draw(1, 3, 3, 0), draw(1, 2, 4, 0), draw(1, 2, 3, 1)];
  expect(new Set([first, ...others]).size).toBe(6);
  expect(draw(1, 2, 3, 0)).toBe(first);
});
