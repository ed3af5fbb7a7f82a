import { accessSync, constants } from 'node:fs';

/** Flags of a Chromium that draws in software and asks nothing of the network. */
export const drawingFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/**
 * The same headless, with a log.
 * @param {string} profile folder of its profile
 */
export function chromiumFlags(profile) {
  return ['--headless', ...drawingFlags, '--enable-logging=stderr', `--user-data-dir=${profile}`];
}

/** The chromium of PATH, or undefined. */
export function installed() {
  return (process.env.PATH ?? '')
    .split(':')
    .map((folder) => `${folder}/chromium`)
    .find(runs);
}

/** The chromium of PATH; throws where there is none. */
export function executable() {
  const found = installed();
  if (found === undefined) throw new Error('no chromium on PATH: apt-get install chromium');
  return found;
}

/** @param {string} path */
function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
