/**
 * Flags of a headless Chromium that draws in software and asks nothing of the network.
 * @param {string} profile folder of its profile
 */
export function chromiumFlags(profile) {
  return [
    '--headless',
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
    '--enable-logging=stderr',
    `--user-data-dir=${profile}`,
  ];
}
