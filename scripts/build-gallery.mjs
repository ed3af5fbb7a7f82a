/**
 * Writes docs/gallery.md: the study of every scenario of the library with its verdict, a picture and its report. Results
 * are taken from the folder RESULTS (default: results); a study that is not there is run. Without a browser to draw
 * with, the pictures are left out.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const results = process.env.RESULTS ?? join(root, 'results');
const [pages, files] = [join(root, 'docs'), join(root, 'docs/public/gallery')];
rmSync(files, { recursive: true, force: true });

function hjb(...words) {
  return spawnSync(process.execPath, [join(root, 'dist/scenarios/cli/main.js'), ...words], { encoding: 'utf8' });
}

const { scenarios } = JSON.parse(hjb('list', '--json').stdout);
const sections = scenarios.map(({ name, title }) => {
  const folder = join(results, name);
  if (!existsSync(join(folder, 'report.html'))) {
    console.log(`study ${name}`);
    hjb('study', name, '--quiet', '--out', folder);
  }
  if (!existsSync(join(folder, 'report.html'))) throw new Error(`the study of ${name} has left no report`);
  mkdirSync(join(files, name), { recursive: true });
  copyFileSync(join(folder, 'report.html'), join(files, name, 'report.html'));
  const picture = ['value-surface', 'limit-surface', 'sweep-value'].find(
    (figure) =>
      hjb('plot', folder, '--figure', figure, '--png', '--out', join(files, name, 'picture.png')).status === 0,
  );
  const text = readFileSync(join(root, 'scenarios/library', `${name}.yaml`), 'utf8');
  const about = [...text.matchAll(/^# ?(.*)$/gm)].map(([, line]) => line).join(' ');
  // A sweep has the verdicts of its members, in its report.
  const record = join(folder, 'study.json');
  const verdict = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).verdict : undefined;
  const word = verdict?.word === undefined ? '' : `**${verdict.word}** · `;
  return `## ${name}

${title}. ${about.replaceAll('|', '\\|')}

${picture === undefined ? '' : `<a href="./gallery/${name}/report.html" target="_self"><img src="/gallery/${name}/picture.png" alt="The value of ${name}" loading="lazy"></a>\n\n`}${word}<a href="./gallery/${name}/report.html" target="_self">the report</a> · \`hjb study ${name}\`
`;
});

writeFileSync(
  join(pages, 'gallery.md'),
  `# Gallery

The studies of the scenarios that come with the program, as they ran when this site was built.

${sections.join('\n')}`,
);
console.log(`gallery.md: ${scenarios.length} studies`);
