/**
 * Bundles the command line as dist/scenarios/cli/main.js, with a chunk beside it for what is loaded later: a process
 * that opens a few files starts sooner than one that opens two hundred. Packages stay outside, and so do the threads,
 * which start from files of their own. Nothing is minified.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outDir = join(root, 'dist/scenarios');
rmSync(outDir, { recursive: true, force: true });
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: 'scenarios/cli/main.ts',
    outDir,
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      external: ['#start-worker'],
      output: { entryFileNames: 'cli/main.js', chunkFileNames: 'cli/chunks/[name].js' },
    },
  },
});
