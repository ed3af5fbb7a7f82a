import { afterEach, describe, expect, test, vi } from 'vitest';
import { threadedKernel } from '../../src/kernel/wasm/threaded.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('threads that cannot be had are refused', () => {
  test.each([0, 1.5, 65, Number.NaN])('%s threads', async (threads) => {
    await expect(threadedKernel({ threads })).rejects.toThrow(/^threads is .* – give a whole number from 1 to 64/);
  });

  test('a page that is not cross-origin isolated gets one thread, and no more', async () => {
    vi.stubGlobal('crossOriginIsolated', false);
    await expect(threadedKernel({ threads: 2 })).rejects.toThrow(
      /^2 threads cannot share memory – this page is not cross-origin isolated – .*same-origin.*require-corp/,
    );
    expect((await threadedKernel({ threads: 1 })).threads).toBe(1);
  });
});
