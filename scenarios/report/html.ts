/** The key of a text that is HTML already; no JSON has it, so that nothing read from a file passes for HTML. */
const MARKUP = Symbol('HTML');

/** A piece of HTML. */
export interface Html {
  readonly [MARKUP]: string;
}

type Part = string | number | Html | readonly Part[];

/**
 * HTML by a template: texts are escaped, safe between tags and inside quoted attributes; pieces of HTML stand as they
 * are, lists one piece after the other.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return raw(strings.reduce((text, next, k) => text + textOf(parts[k - 1]) + next));
}

/** A text that is HTML already. */
export function raw(text: string): Html {
  return { [MARKUP]: text };
}

/** Parts with lines, or other HTML, between them. */
export function joined(parts: readonly Part[], between = '\n'): Html {
  return raw(parts.map(textOf).join(between));
}

export const nothing = raw('');

/** A part as the text of a file. */
export function textOf(part: Part): string {
  if (typeof part === 'object') return MARKUP in part ? part[MARKUP] : part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A word on a coloured ground: good, warn, bad or plain. */
export function badge(text: string, tone: string): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}
