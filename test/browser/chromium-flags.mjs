import { existsSync } from 'node:fs';

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

/** The browser of this machine: a folder of PATH that has a chromium. */
export function executable() {
  const places = (process.env.PATH ?? '').split(':').map((folder) => `${folder}/chromium`);
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('no chromium on PATH: apt-get install chromium');
  return found;
}
