import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { describe, expect, test } from 'vitest';
import { folderName } from '../../scenarios/read/folder-name.ts';
import { libraryTexts, readScenario, ScenarioError } from '../../scenarios/read/index.ts';
import { listLibrary } from '../../scenarios/read/library.ts';
import { readScenario as readNamed } from '../../scenarios/read/read-scenario.ts';

const quadratic = libraryTexts.quadratic;

/** The modules that a page gets with an import of this file. */
async function bundled(file: string): Promise<readonly Rolldown.OutputChunk[]> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['hjb-source', 'browser', 'import'] },
    build: { write: false, target: 'esnext', minify: false, lib: { entry: file, formats: ['es'], fileName: 'entry' } },
  });
  return (built as Rolldown.RolldownOutput[]).flatMap(({ output }) => output).filter((part) => part.type === 'chunk');
}

test('the texts of the library are its files', () => {
  const files = listLibrary().map(({ name, file }) => [name, readFileSync(file, 'utf8')]);
  expect(Object.entries(libraryTexts)).toEqual(files);
});

test.each(Object.keys(libraryTexts))('the text of %s is read as its file', (name) => {
  const [ofText, ofFile] = [readScenario(libraryTexts[name], { name }), readNamed(name)];
  expect(ofText.definition).toEqual(ofFile.definition);
  expect(ofText.domain).toEqual(ofFile.domain);
  expect(ofText.study).toEqual(ofFile.study);
});

describe('a text', () => {
  test('takes values in place of its own', () => {
    const scenario = readScenario(quadratic, { name: 'quadratic', set: { gamma: '4' } });
    expect(scenario.name).toBe('quadratic,gamma=4');
    expect(scenario.problem.fast.deepRelaxation?.gamma).toBe(4);
  });

  test('is refused with the line that is wrong', () => {
    const wrong = quadratic.replace('x^2/2', 'x^2/z');
    expect(() => readScenario(wrong)).toThrow(ScenarioError);
    expect(() => readScenario(wrong)).toThrow(/^scenario:\d+ – model\.loss: /);
  });

  test('is sent to a worker in place of its problem, which has functions', () => {
    expect(() => structuredClone(readScenario(quadratic).problem)).toThrow();
    expect(readScenario(structuredClone(quadratic)).definition).toBe(readScenario(quadratic).definition);
  });
});

test('the reader of scenarios is bundled for a page without a module of Node and without code from text', async () => {
  const chunks = await bundled(join(import.meta.dirname, '../../scenarios/read/index.ts'));
  const code = chunks.map((chunk) => chunk.code).join('\n');
  expect(chunks.flatMap(({ imports }) => imports).filter((name) => name.startsWith('node:'))).toEqual([]);
  expect(code).not.toMatch(/\bfrom\s*"node:|\brequire\("node:|__vite-browser-external/);
  expect(code.match(/\beval\(/g)).toBeNull();
});

test('names of folders are kept, and cut ones told apart by the hash of the whole', () => {
  expect(folderName(['quadratic', 'gamma=4'])).toBe('quadratic,gamma=4');
  const long = 'x'.repeat(130);
  const [one, other] = [folderName([long, 'a=1']), folderName([long, 'a=2'])];
  expect(one).toMatch(/^x{120},[0-9a-f]{16}$/);
  expect(one).not.toBe(other);
});
