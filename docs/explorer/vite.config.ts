/** `npm run explorer`: the page as a static folder with relative links, which the site of the documents takes along. */
import { join } from 'node:path';
import { defineConfig } from 'vite';

/** What makes a page isolated, so that its solves may use threads. */
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  worker: { format: 'es' },
  build: {
    outDir: join(import.meta.dirname, '../public/explorer'),
    emptyOutDir: true,
    target: 'esnext',
    modulePreload: { polyfill: false },
    // The solvers with gpu.js, in the worker alone.
    chunkSizeWarningLimit: 4000,
  },
  server: { headers },
  preview: { headers },
});
