/** The site of these pages: `npm run docs`. */
import { existsSync } from 'node:fs';
import { tex } from '@mdit/plugin-tex';
import temml from 'temml';
import { defineConfig } from 'vitepress';

const page = (text: string, link: string) => ({ text, link });

const sidebar = [
  {
    text: 'Start',
    items: [
      page('For HJB theorists', '/for-theorists'),
      page('For machine learning', '/for-learning'),
      page('Tutorial: one study, line by line', '/tutorial'),
      page('Gallery', '/gallery'),
    ],
  },
  {
    text: 'Studies',
    items: [
      page('Writing a scenario', '/scenarios'),
      page('Reading a study', '/reading-a-study'),
      page('Data: xarray, MATLAB, LaTeX', '/data'),
      page('Verdicts', '/verdicts'),
      page('Messages: symptom, cause, action', '/messages'),
      page('Errors and their parts', '/convergence'),
      page('Parameter studies', '/sweeps'),
      page('Long studies', '/long-studies'),
    ],
  },
  {
    text: 'Questions',
    items: [
      page('Cell problems', '/cells'),
      page('Extended controls', '/effective-controls'),
      page('Paths', '/trajectories'),
      page('Descending a loss', '/optimisers'),
      page('Does it hold?', '/reproduce'),
    ],
  },
  {
    text: 'Methods',
    items: [
      page('Theory: every formula', '/theory'),
      page('Schemes', '/schemes'),
      page('Certificates', '/certificates'),
      page('Glossary', '/glossary'),
      page('Performance', '/performance'),
    ],
  },
  {
    text: 'Library',
    items: [
      page('API', '/api/'),
      page('In a browser', '/in-a-browser'),
      page('Extending it', '/extending'),
      page('Architecture', '/architecture'),
      page('Testing', '/testing'),
      page('Security', '/security'),
    ],
  },
];

/** The names of pages by their files. */
const names = new Map(sidebar.flatMap(({ items }) => items.map(({ text, link }) => [`${link.slice(1)}.md`, text])));

export default defineConfig({
  title: 'hjb-homogenization',
  description: 'Homogenization of Hamilton–Jacobi–Bellman equations with fast ergodic noise',
  lang: 'en',
  // Every link is relative to the folder that the site is put into.
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: false,
  lastUpdated: false,
  // Files beside the pages, made by the same build.
  ignoreDeadLinks: [/^(\.\/)?(explorer|gallery)\//, /^\.\.?\/(README|CHANGELOG)/],
  srcExclude: ['api/typedoc-sidebar.json'],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      md.use(tex, {
        delimiters: 'dollars',
        mathFence: false,
        render: (content: string, displayMode: boolean) =>
          temml.renderToString(content, { displayMode, throwOnError: true, annotate: true }),
      });
      // "theory.md" is the name of a file; a reader of the site sees that of the page.
      md.core.ruler.push('page-names', ({ tokens }) => {
        for (const { children } of tokens)
          for (const [k, token] of (children ?? []).entries())
            if (token.type === 'text' && children?.[k - 1]?.type === 'link_open')
              token.content = names.get(token.content) ?? token.content;
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      page('Tutorial', '/tutorial'),
      page('Scenarios', '/scenarios'),
      page('Theory', '/theory'),
      page('API', '/api/'),
      page('Gallery', '/gallery'),
      { text: 'Explorer', link: '/explorer/index.html', target: '_self' },
    ],
    sidebar: sidebar.map((group) => ({ ...group, items: group.items.filter(({ link }) => exists(link)) })),
  },
});

/** A page that another part of the build makes may not be there yet. */
function exists(link: string): boolean {
  return link === '/api/' || existsSync(new URL(`..${link}.md`, import.meta.url));
}
