/** The one place where text goes to a terminal. */
import { printable } from '../../../src/input/printable.ts';
import type { CliIo } from '../flags/command.ts';

/** The colours of this program, which are all that it says to a terminal besides texts and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant.
const COLOURS = /(\u001b\[(?:0|1|31|32|33|36)m)/;

type Sink = CliIo['stdout'];

/** The same streams, on which no text moves a cursor, hides or turns around another one, whoever wrote it. */
export function guarded(io: CliIo): CliIo {
  return { ...io, stdout: escaping(io.stdout, io.colour), stderr: escaping(io.stderr, false) };
}

function escaping(sink: Sink, isColoured: boolean): Sink {
  const escaped = (text: string) => printable(text, 'lines');
  // Every second part is a colour.
  const shown = (text: string) =>
    isColoured
      ? text
          .split(COLOURS)
          .map((part, k) => (k % 2 === 0 ? escaped(part) : part))
          .join('')
      : escaped(text);
  return {
    write: (text) => sink.write(shown(text)),
    isTTY: sink.isTTY,
    columns: sink.columns,
    bare: sink.bare ?? sink,
  };
}
