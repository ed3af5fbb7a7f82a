import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // TypeScript sources stand behind the imports of package.json that are chosen by condition.
  ssr: { resolve: { conditions: ['hjb-source', ...defaultServerConditions] } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 240_000 },
});
