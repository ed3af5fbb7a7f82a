import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Dataset, File, ready } from 'h5wasm';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import {
  formatError,
  formatOrder,
  formatParameter,
  formatValue,
  typeset,
} from '../../scenarios/report/format-number.ts';
import { writeFields } from '../../scenarios/report/hdf5.ts';
import { latexText } from '../../scenarios/report/latex-text.ts';
import { readStudy } from '../../scenarios/report/read-study.ts';
import { renderReport } from '../../scenarios/report/study-page.ts';
import { tableToCsv } from '../../scenarios/report/table-csv.ts';
import { tableToLatex } from '../../scenarios/report/table-latex.ts';
import { tableToMarkdown } from '../../scenarios/report/table-markdown.ts';
import { tableToTerminal } from '../../scenarios/report/table-terminal.ts';
import { writeReport, writeStudy } from '../../scenarios/report/write-study.ts';
import { InputError } from '../../src/input/input-error.ts';
import { sampleStudy } from '../fixtures/study-sample.ts';

const study = sampleStudy();
const [epsilonTable, , cellTable] = study.tables;
const page = renderReport(study);

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.useRealTimers();
});

describe('numbers are printed by their role', () => {
  test.each([
    [formatError(0.00336), '3.36e-3'],
    [formatError(12345), '1.23e4'],
    [formatError(0), '0'],
    [formatOrder(1.0249), '1.02'],
    [formatOrder(-0.001), '0.00'],
    [formatValue(0.99962), '0.999620'],
    [formatValue(1e-7), '1.00000e-7'],
    [formatParameter(1e-4), '1e-4'],
    [formatParameter(0.1), '0.1'],
    [formatParameter(0.024875621890547265), '0.02488'],
    [formatParameter(401), '401'],
    [formatError(Number.NaN), 'NaN'],
    [typeset('-3.36e-3 at ε = 1e-4, x1 = -1, 2e3'), '−3.36·10⁻³ at ε = 10⁻⁴, x₁ = −1, 2·10³'],
    [typeset('γ-2, 0x1e-4, max1, 1-2'), 'γ-2, 0x1e-4, max1, 1-2'],
  ])('%s is %s', (printed, expected) => expect(printed).toBe(expected));
});

describe('tables', () => {
  test('numbers in CSV read back as the same doubles', () => {
    const [header, ...lines] = tableToCsv(cellTable).trimEnd().split('\r\n');
    expect(header).toBe('radius,delta,value,hamiltonian,error,exit,order,verdict');
    lines.forEach((line, k) => {
      const fields = line.split(',');
      cellTable.columns.forEach(({ key, kind }, c) => {
        const cell = cellTable.rows[k][key];
        if (cell === null) expect(fields[c]).toBe('');
        else expect(kind === 'verdict' ? fields[c] : Number(fields[c])).toBe(cell);
      });
    });
  });

  test('texts in CSV are quoted by RFC 4180', () => {
    const csv = tableToCsv({ ...cellTable, rows: [{ radius: 1, verdict: 'a "b", c' }] });
    expect(csv.split('\r\n')[1]).toBe('1,,,,,,,"a ""b"", c"');
  });

  test('Markdown has one line per row, numbers to the right, and no bare | in a cell', () => {
    const lines = tableToMarkdown(epsilonTable)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(lines).toHaveLength(2 + epsilonTable.rows.length);
    expect(lines[1]).toMatch(/^\| -+:\| -+:\| -+:\| -+ \|/);
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(1 + epsilonTable.columns.length);
  });

  test('LaTeX is a booktabs table with mathematics as mathematics', () => {
    const tex = tableToLatex(epsilonTable, { name: 'quadratic' });
    expect(tex).toContain('\\toprule');
    expect(tex).toContain('$\\varepsilon$ & $\\sup|V^{\\varepsilon}-v|$ & order');
    expect(tex).toContain('$10^{-4}$ & $3.38\\cdot10^{-5}$');
    expect(tex.match(/\\\\$/gm)).toHaveLength(1 + epsilonTable.rows.length);
    expect(tex).not.toMatch(/\P{ASCII}/u);
  });

  test.each([
    ['50 % of H_1 & more', '50 \\% of H\\_1 \\& more'],
    ['H̄(x,p)', '$\\bar{H}(x,p)$'],
    ['10⁻⁴, δ-cell', '$10^{-4}$, $\\delta$-cell'],
    ['n^−(4+α)', '$n^{-(4+\\alpha)}$'],
    ['n^−4.5, δ^-0.25', '$n^{-4.5}$, $\\delta^{-0.25}$'],
    ['δ = n^−4.5.', '$\\delta = n^{-4.5}$.'],
    ['x = 1, y2 = -1 at 2.09e-3', '$x = 1$, $y_{2} = -1$ at $2.09\\cdot10^{-3}$'],
    ['a "word" (ε-error): 401 × 101 nodes', "a ``word'' ($\\varepsilon$-error): $401 \\times 101$ nodes"],
    ['|V − v exact|, u*(x, y).', '$|V - v\\ \\mathrm{exact}|$, $u^{*}(x,\\ y)$.'],
    ['e^−Φ·e^−y²', '$e^{-\\Phi}\\cdot e^{-y^{2}}$'],
    ['E e^{−δτ_n}', '$E$ $e^{-\\delta \\tau_{n}}$'],
    ['\\input{x}', '\\textbackslash{}input\\{x\\}'],
  ])('%s in LaTeX is %s', (text, expected) => expect(latexText(text)).toBe(expected));

  test('every exponent of the form a.b is braced as a whole', () => {
    fc.assert(
      fc.property(fc.nat(999), fc.nat(999), fc.constantFrom('', '−'), (whole, part, sign) => {
        const power = `${whole}.${part}`;
        const shown = `{${sign === '' ? '' : '-'}${power}}$`;
        expect(latexText(`δ^${sign}${power}`).endsWith(`^${shown}`)).toBe(true);
      }),
    );
  });

  test('tables of two scenarios have two labels, whatever their names are', () => {
    const label = (owner: string) => /\\label\{([\w.:+-]*)\}/.exec(tableToLatex(epsilonTable, { name: owner }))?.[1];
    expect(label('double-well')).toBe('tab:double-well:epsilon');
    expect(new Set(['a', 'b', 'a b', 'a_b', '{a}', 'α', 'β'].map(label)).size).toBe(7);
  });

  test('the terminal shows aligned columns in at most 110 characters, colour only when asked', () => {
    const text = tableToTerminal(epsilonTable);
    const lines = text.split('\n');
    const width = (line: string) => [...line.replace(/\p{M}/gu, '')].length;
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(110);
    expect(lines[0]).toBe(epsilonTable.title);
    expect(text).toContain('3.36e-3');
    const start = String.fromCharCode(27);
    expect(text).not.toContain(start);
    expect(tableToTerminal(epsilonTable, { colour: true })).toContain(`${start}[32mas claimed`);
  });

  test('a table wider than the terminal is printed in panels led by its first column', () => {
    const lines = tableToTerminal(cellTable, { width: 40 }).split('\n');
    expect(lines.filter((line) => /^n\s/.test(line.trim())).length).toBeGreaterThan(1);
  });
});

describe('the page', () => {
  const own = page.replace(/<script>[\s\S]*?<\/script>/g, '');

  test('needs nothing from outside', () => {
    expect(own).not.toMatch(/(?:src|href)\s*=\s*["']?(?:https?:)?\/\//i);
    expect(own).not.toMatch(/@import|url\(|<link/);
    expect(own).toContain("default-src 'none'");
  });

  test('depends on nothing but the study, and not on its timings', () => {
    expect(renderReport({ ...study, timings: { seconds: 1e6 } })).toBe(page);
  });

  test('shows hostile texts as texts', () => {
    const attack = '</script></title></pre><img src=x onerror="alert(1)">';
    const hostile = renderReport(sampleStudy({ title: attack, source: attack }));
    expect(hostile).not.toContain('<img');
    expect(hostile.match(/<\/script>/g)).toHaveLength(page.match(/<\/script>/g)!.length);
    expect(hostile).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    const [first, ...others] = study.tables;
    const series = first.series.map((one) => ({ ...one, label: attack }));
    const labelled = renderReport({ ...study, tables: [{ ...first, title: attack, series }, ...others] });
    expect(labelled).not.toContain('<img');
  });

  test('places every figure that it carries the data of', () => {
    const data = JSON.parse(/id="figures">([^<]*)</.exec(own)![1]);
    const places = [...own.matchAll(/data-figure="([^"]*)"/g)].map((match) => match[1]);
    expect(places.sort()).toEqual(Object.keys(data).sort());
    expect(places).toContain('value-surface');
    expect(places).toContain('errors-epsilon');
  });

  test('has a name for every section and figure, and its contents lead to them', () => {
    const ids = new Set([...own.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    const named = [...own.matchAll(/<(?:section|figure)[^>]*>/g)].map(([tag]) => tag);
    for (const tag of named) expect(ids, tag).toContain(/aria-labelledby="([^"]*)"/.exec(tag)?.[1]);
    const links = [...own.matchAll(/<a href="#([^"]*)"/g)].map(([, target]) => target);
    for (const target of links) expect(ids).toContain(target);
    expect(links).toEqual(expect.arrayContaining(['values', 'table-epsilon', 'problem', 'certificates', 'scenario']));
    expect(ids.size).toBe([...own.matchAll(/ id="/g)].length);
  });

  test('begins with the figures that matter, and folds certificates and settings', () => {
    const places = [...own.matchAll(/data-figure="([^"]*)"/g)].map((match) => match[1]);
    expect(places.slice(0, 3)).toEqual(['value-surface', 'value-slices', 'errors-epsilon']);
    for (const id of ['certificates', 'settings', 'scenario'])
      expect(own).toMatch(new RegExp(`<section id="${id}"[^>]*><details><summary>`));
  });

  test('has the mean order under a column of orders, powers of ten as such, and nothing below round-off', () => {
    const [table] = /<div class="study"[\s\S]*?<\/table>/.exec(own) ?? [''];
    expect(table).toContain('3.36·10⁻³');
    expect(/<tfoot>.*<\/tfoot>/.exec(table)?.[0]).toContain(
      `<td>${formatOrder(epsilonTable.series[0].overallOrder as number)}</td>`,
    );
    const rows = epsilonTable.rows.map((row) => ({ ...row, [epsilonTable.series[0].error]: 1.23e-15 }));
    const tiny = renderReport({ ...study, tables: [{ ...epsilonTable, rows }] });
    expect(/<div class="study"[\s\S]*?<\/table>/.exec(tiny)?.[0]).toContain('&lt; 10⁻¹⁴');
    expect(tiny.replace(/<script[\s\S]*?<\/script>/g, '')).not.toContain('1.23');
  });

  test('copies what the files beside it hold', () => {
    const texts = JSON.parse(/id="texts">([^<]*)</.exec(own)?.[1] ?? '');
    const owner = { name: study.scenario.name, run: study.run };
    expect(texts['epsilon.CSV']).toBe(tableToCsv(epsilonTable, owner));
    expect(texts['epsilon.LaTeX']).toBe(tableToLatex(epsilonTable, owner));
    const buttons = [...own.matchAll(/data-copy="([^"]*)"/g)].map((match) => match[1]);
    expect(buttons.sort()).toEqual(Object.keys(texts).sort());
  });

  test('draws a triangle of the claimed slope', () => {
    const { data } = JSON.parse(/id="figures">([^<]*)</.exec(own)![1])['errors-epsilon'];
    const triangle = data.find((trace: { fill?: string }) => trace.fill === 'toself');
    const [x, y] = [triangle.x, triangle.y];
    expect(Math.log(y[2] / y[1]) / Math.log(x[1] / x[0])).toBeCloseTo(1, 12);
  });

  test('is drawn without fields, tables and assumptions too', () => {
    const fields = { ...study.fields, axes: [], variables: [] };
    const empty = { tables: [], assumptions: [], certificates: [], warnings: [] };
    expect(() => renderReport({ ...study, fields, ...empty })).not.toThrow();
  });

  test('certificates name the node, the cause and the remedy of what fails', () => {
    const section = /<section id="certificates"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
    expect(section).toContain('at (x, y) = (−2.5, 6), neighbour (−2.5, 6)');
    expect(section).toContain('take at least 340 steps');
    expect(section).toContain('no bound &lt;without&gt; monotonicity');
    expect(section.match(/class="badge good">holds/g)).toHaveLength(2);
  });
});

describe('the results folder', () => {
  test('holds the study, its tables, fields and report, and reads back the same', async () => {
    const directory = join(folder, 'results');
    const paths = await writeStudy(study, directory);
    const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
    expect(paths.map((path) => path.slice(directory.length + 1)).sort()).toEqual(names.sort());
    expect(names).toHaveLength(3 + 3 * study.tables.length);
    expect(await readStudy(directory)).toEqual(study);
    expect(readFileSync(join(directory, 'report.html'), 'utf8')).toBe(page);
  });

  test('without study.json, or with another file of that name, is refused with a reason', async () => {
    await expect(readStudy(join(folder, 'nowhere'))).rejects.toThrow(InputError);
    writeFileSync(join(folder, 'study.json'), '{"command": "study", "tables": [3]}');
    await expect(readStudy(folder)).rejects.toThrow(/missing or malformed: .*tables/);
    writeFileSync(join(folder, 'study.json'), '{');
    await expect(readStudy(folder)).rejects.toThrow(/is not JSON/);
    const wrong = { ...study, tables: [{ ...study.tables[0], title: 7 }], fields: { ...study.fields, axes: 1 } };
    writeFileSync(join(folder, 'study.json'), JSON.stringify(wrong));
    await expect(readStudy(folder)).rejects.toThrow(/malformed: tables\.0\.title, fields\.axes – run hjb study again/);
  });
});

test('a report in another folder links to the data where they are', async () => {
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  const moved = readFileSync(await writeReport(study, elsewhere, folder), 'utf8');
  expect(moved).toContain('href="../fields.h5"');
  expect(page).toContain('href="fields.h5"');
  rmSync(elsewhere, { recursive: true });
});

describe('fields.h5', () => {
  test('keeps every value with its axes and parameters', async () => {
    const path = join(folder, 'fields.h5');
    await writeFields(study, path);
    const { FS } = await ready;
    (FS as unknown as { writeFile(name: string, data: Uint8Array): void }).writeFile('copy.h5', readFileSync(path));
    const file = new File('copy.h5', 'r');
    const [V] = study.fields.variables;
    const value = file.get('V') as Dataset;
    expect(value.shape).toEqual([5, 33, 41]);
    expect([...(value.value as Float64Array)]).toEqual(V.values);
    expect([0, 1, 2].map((k) => value.get_attached_scales(k))).toEqual([['/epsilon'], ['/y'], ['/x']]);
    expect((file.get('V_over_x') as Dataset).attrs.held.value).toBe('y = 0');
    expect([...((file.get('table_epsilon_same') as Dataset).value as Float64Array)][2]).toBe(3.36e-3);
    expect((file.get('table_epsilon_same_verdict') as Dataset).value).toContain('as claimed');
    expect([...(file.attrs.nodes.value as Float64Array)]).toEqual([41, 33]);
    expect(file.attrs.source.value).toBe(study.scenario.source);
    file.close();
  });

  test('is written for a study with few fields and an empty scenario text too', async () => {
    const fields = { ...study.fields, axes: [], variables: [] };
    const path = join(folder, 'few.h5');
    await writeFields({ ...sampleStudy({ source: '' }), fields }, path);
    expect(readFileSync(path).length).toBeGreaterThan(0);
  });

  test('has the same bytes whenever it is written', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const bytes: Buffer[] = [];
    for (const year of ['2001-02-03', '2030-04-05']) {
      vi.setSystemTime(new Date(year));
      await writeFields(study, join(folder, `${year}.h5`));
      expect(new Date().toISOString()).toContain(year);
      bytes.push(readFileSync(join(folder, `${year}.h5`)));
    }
    expect(bytes[0].equals(bytes[1])).toBe(true);
  });
});
