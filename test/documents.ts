/** What pages show: fenced blocks, commands, programs. */
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { runCli } from '../scenarios/cli/run-cli.ts';
import type { Printed } from './run-hjb.ts';

export const root = resolve(import.meta.dirname, '..');

/** The fenced blocks of a language. */
export function blocks(language: string, text: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]);
}

/** The commands of a page, without what is said beside them. */
export function commandsIn(text: string): string[] {
  return blocks('sh', text)
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('hjb '))
    .map((line) => line.replace(/ +# .*$/, ''));
}

/** The words of a command line; double quotes keep a word together. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]);
}

/** Runs a command in this process. */
export async function ran(line: string): Promise<Printed> {
  const written = { stdout: '', stderr: '' };
  const code = await runCli(words(line).slice(1), {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    clock: () => 0,
    signal: new AbortController().signal,
    colour: false,
  });
  return { code, ...written };
}

/** A program against the public API as imported by a script of modules; what it prints. */
export async function printed(program: string): Promise<unknown[][]> {
  const api = join(root, 'solvers/index.ts');
  const script = ts.transpileModule(program.replace("'hjb-homogenization'", JSON.stringify(api)), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  }).outputText;
  const lines: unknown[][] = [];
  const body = script.replace(/import \{([^}]*)\} from "?[^;]*;/, 'const {$1} = api;');
  const run = new Function('api', 'console', `return (async () => { ${body} })();`);
  await run(await import('../solvers/index.ts'), { log: (...args: unknown[]) => lines.push(args) });
  return lines;
}
