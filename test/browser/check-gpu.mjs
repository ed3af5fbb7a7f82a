/**
 * The kernel of the graphics card in headless Chromium, on the package as it is built: a page bundled by Vite solves
 * one problem in WebGPU and in WebGL 2, with and without a minifier, on a driver that stands in for a card.
 * `npm run check:gpu`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { openPage } from './open-page.mjs';

/** Single precision over 120 steps of values up to 3; measured 2.8e-6 (upwind) and 1e-5 (filtered). */
const SINGLE_PRECISION = 5e-5;

/** Chromium shows its software adapter to pages only when told. */
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

/** Enough for both modes: gpu.js makes no code from text. */
const POLICY = { 'Content-Security-Policy': "script-src 'self' 'wasm-unsafe-eval'" };

const checks = ['webgpu', 'webgl2'].flatMap((mode) => [false, true].map((minify) => ({ mode, minify })));
let failures = 0;
for (const { mode, minify } of checks) {
  const site = mkdtempSync(join(tmpdir(), 'gpu-'));
  try {
    await build({
      root: join(import.meta.dirname, 'gpu'),
      configFile: false,
      logLevel: 'warn',
      build: { outDir: site, emptyOutDir: true, target: 'esnext', minify, chunkSizeWarningLimit: 4000 },
    });
    const found = await openPage(site, `index.html?mode=${mode}`, { headers: POLICY, flags: WEBGPU });
    const differing = problems(found, mode);
    console.log(`${differing.length === 0 ? 'ok  ' : 'FAIL'} ${mode}${minify ? ', minified' : ''}`);
    if (differing.length > 0) console.log(JSON.stringify(found, null, 2));
    for (const problem of differing) console.log(`     ${problem}`);
    failures += differing.length === 0 ? 0 : 1;
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}
process.exitCode = failures === 0 ? 0 : 1;

/**
 * @param {{ refused?: string, runs?: Record<string, { status: string, backend: string, difference: number }> }} found
 * @param {string} mode
 */
function problems({ refused, runs = {} }, mode) {
  if (refused !== undefined) return [refused];
  return Object.entries(runs).flatMap(([scheme, { status, backend, difference }]) => [
    ...(status === 'converged' && backend.startsWith(`gpu:${mode}`) ? [] : [`${scheme}: ${status} on ${backend}`]),
    ...(difference < SINGLE_PRECISION ? [] : [`${scheme}: differs from double precision by ${difference}`]),
  ]);
}
