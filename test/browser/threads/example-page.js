/** Runs the example of docs/in-a-browser.md and posts what it printed to the server. */
/** @type {string[]} */
const lines = [];
console.log = (...words) => lines.push(words.join(' '));
try {
  // @ts-expect-error check-threads.mjs takes this module from the document.
  await import('virtual:example');
} catch (error) {
  lines.push(String(error));
}
await fetch('/found', { method: 'POST', body: JSON.stringify(lines) });
