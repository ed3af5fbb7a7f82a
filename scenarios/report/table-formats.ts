export { tableToCsv } from './table-csv.ts';
export { tableToLatex } from './table-latex.ts';
export { tableToMarkdown } from './table-markdown.ts';
export { type TerminalOptions, tableToTerminal } from './table-terminal.ts';
