import { availableParallelism } from 'node:os';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // TypeScript sources stand behind the imports of package.json that are chosen by condition.
  ssr: { resolve: { conditions: ['hjb-source', ...defaultServerConditions] } },
  test: {
    include: ['test/**/*.test.ts'],
    // The default leaves a core idle: on two, half of the machine.
    maxWorkers: availableParallelism(),
    // Modules are read and compiled once per worker and not once per file: a quarter of the time of the fast lane.
    isolate: false,
    // Cells, trees and programs are short-lived: some per cent less in the garbage collector.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // What belongs there: docs/testing.md.
    tags: [{ name: 'full', description: 'runs with npm run test:full only', timeout: 900_000 }],
  },
});
