/**
 * Bundles the command line as dist/scenarios/cli/main.js and the thread that it starts, program.js, with chunks beside
 * them for what is loaded later: a process that opens a few files starts sooner than one that opens two hundred.
 * Packages stay outside, and so do the threads of the kernel, which start from files of their own. Nothing is minified.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outDir = join(root, 'dist/scenarios');
rmSync(join(outDir, 'cli'), { recursive: true, force: true });
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir,
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: 'scenarios/cli/main.ts', program: 'scenarios/cli/program.ts' },
      external: ['#start-worker'],
      output: { entryFileNames: 'cli/[name].js', chunkFileNames: 'cli/chunks/[name].js' },
    },
  },
});
