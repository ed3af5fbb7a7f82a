/**
 * Writes the plotly.js that a report carries, dist/plotly.min.js: npm plotly.js-dist minified, its licences in front.
 * Inside a <script> element: a literal end tag or the start of a comment would end it or change how it is read.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist'), 'utf8');
const licences = source.match(/\/\*[\s\S]*?\*\//g).filter((comment) => /license|copyright/i.test(comment));
const { code, errors } = await minify('plotly.js', source, { module: false });
if (errors.length > 0) throw new Error(`plotly.js cannot be minified: ${errors[0].message}`);
const text = [...licences, code]
  .join('\n')
  .replace(/<\/(script)/gi, '<\\/$1')
  .replaceAll('<!--', '<\\!--');
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist/plotly.min.js'), text);
console.log(`plotly.min.js: ${Buffer.byteLength(text)} bytes, of ${Buffer.byteLength(source)}`);
