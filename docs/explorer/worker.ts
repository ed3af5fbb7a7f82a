/** A worker of the page: reads the scenario of a request where it is another than the last, does the task, answers. */
import type { Answer, Refusal, Request } from './protocol.ts';
import { type Subject, subjectOf, tasks } from './tasks.ts';

let last: { readonly text: string; readonly subject: Subject } | null = null;

function subjectFor({ source }: Request): Subject {
  if (last?.text !== source.text) last = { text: source.text, subject: subjectOf(source) };
  return last.subject;
}

addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  postMessage(await answerTo(data));
});

async function answerTo(request: Request): Promise<Answer> {
  const { id, task, asked } = request;
  try {
    const run = tasks[task] as (subject: Subject, asked: unknown) => unknown;
    return { id, found: await run(subjectFor(request), asked) };
  } catch (error) {
    return { id, refusal: refusalOf(error) };
  }
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) return { message: String(error), place: null, words: String(error) };
  const { message, place = null } = error as Error & { readonly place?: string };
  return { message, place, words: place === null ? message : message.replace(`${place} – `, '') };
}
