/** The page: state, form, link, buttons. */
import { libraryTexts } from '../../scenarios/read/library-texts.ts';
import { element, prepareControls, showControls } from './controls.ts';
import { poolOf } from './pool.ts';
import { rateMeter } from './rate.ts';
import { commandOf, OWN_FILE, sourceOf } from './scenario-text.ts';
import { sessionOf } from './session.ts';
import { EPSILON, linkOf, OWN, powerOfTen, type State, stateOf } from './state.ts';

/** Solves take a core each; the page itself waits. */
const WORKERS = Math.min(Math.max(navigator.hardwareConcurrency || 2, 2), 4);
/** Browsers refuse more than a few changes of the link a second. */
const LINK_PAUSE = 250;

/** A scenario that names x1 or y1 has several variables, and takes longer than a page waits; H̄ of noise is not drawn. */
const library = Object.entries(libraryTexts).filter(([, text]) => !/\b[xy]1\b|noise:/.test(text));
const names = library.map(([name]) => name);
const titleOf = (text: string, name: string) => /^title: *(.+?) *$/m.exec(text)?.[1] ?? name;

const pool = poolOf(WORKERS);
const meter = rateMeter(() => performance.now() / 1000);
let state = stateOf(location.hash, names);
let linkTimer: ReturnType<typeof setTimeout> | undefined;
/** Exponents of ten that a run of ε has yet to take; null where none runs. */
let toRun: number[] | null = null;

const session = sessionOf(pool, meter, runOn);
prepareControls(
  library.map(([name, text]) => [name, titleOf(text, name)]),
  (change) => {
    stopRun();
    update(change);
  },
);
addEventListener('hashchange', () => {
  if (location.hash.slice(1) === linkOf(state)) return;
  stopRun();
  show(stateOf(location.hash, names));
});
new ResizeObserver(() => session.redraw()).observe(element('panels'));
element('sweep').addEventListener('click', () => (toRun === null ? startRun() : stopRun()));
copies('copy-link', 'link', () => new URL(`#${linkOf(state)}`, location.href).href);
copies('copy-yaml', `scenario, save it as ${OWN_FILE}`, () => sourceOf(state, libraryTexts).text);
copies('copy-command', 'command line', () => commandOf(state, session.point ?? { x: 0, y: 0 }));
// On a phone the pictures come sooner.
if (innerWidth < 1000) element('more').removeAttribute('open');
refuseCardWithout();
show(state);

function update(change: Partial<State>): void {
  show({ ...state, ...change });
}

function show(next: State): void {
  state = next;
  showControls(state);
  session.show(state, sourceOf(state, libraryTexts));
  clearTimeout(linkTimer);
  linkTimer = setTimeout(() => history.replaceState(null, '', `#${linkOf(state)}`), LINK_PAUSE);
}

/** Runs ε from 1 to 10⁻⁸, as fast as the workers solve. */
function startRun(): void {
  const steps = Math.round((EPSILON.upper - EPSILON.lower) / EPSILON.step);
  toRun = Array.from({ length: steps + 1 }, (_, k) => EPSILON.upper - k * EPSILON.step);
  element('sweep').textContent = 'Stop';
  runOn();
}

function stopRun(): void {
  toRun = null;
  element('sweep').textContent = 'Run ε from 1 to 10⁻⁸';
}

function runOn(): void {
  while (toRun !== null && pool.hasRoom) {
    const exponent = toRun.shift();
    if (exponent === undefined) stopRun();
    else update({ epsilon: powerOfTen(exponent) });
  }
}

function copies(id: string, what: string, text: () => string): void {
  element(id).addEventListener('click', async () => {
    const place = element('copied');
    try {
      await navigator.clipboard.writeText(text());
      const isOwn = id === 'copy-command' && state.scenario === OWN;
      place.textContent = `Copied: ${what}.${isOwn ? ` It reads ${OWN_FILE}, which “Copy scenario YAML” gives.` : ''}`;
    } catch {
      place.textContent = `The browser lets nothing be copied here: ${text()}`;
    }
  });
}

/** Where there is no adapter, the choice of the card is there, but cannot be taken. */
async function refuseCardWithout(): Promise<void> {
  const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<unknown> } };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter !== null && adapter !== undefined) return;
  const card = element('device').querySelector<HTMLOptionElement>('option[value="graphics card"]');
  if (card === null) return;
  card.disabled = true;
  card.textContent = 'graphics card (none found)';
  if (state.device === 'graphics card') update({ device: 'processor' });
}
