/** Scripts of the pages; they run in the reader's browser, after plotly.js. */

/** Draws a figure, light or dark, and moves it to the frame whose ε is nearest. */
export const FIGURE_SCRIPT = `
const GROUND = '#14181d';
const DARK = { '#ffffff': GROUND, '#f6f8fa': GROUND, '#e4e8ec': '#313942', '#d4dae0': '#313942', '#dfe4ea': '#313942',
  '#c4ccd4': '#4a5560', '#9aa5b1': '#76828e', 'rgba(255,255,255,0.9)': 'rgba(20,24,29,0.9)' };
/** Colours for a dark ground: those of papers and rules by the list, dark inks lighter, scales as they are. */
function dressed(value, dark, key = '') {
  if (!dark || key === 'colorscale') return value;
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value : value.map((each) => dressed(each, dark, key));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, dressed(each, dark, name)]));
  if (typeof value !== 'string' || !/color$/i.test(key)) return value;
  return DARK[value] ?? (/^#[0-9a-f]{6}$/.test(value) ? lightened(value) : value);
}
function lightened(colour) {
  const parts = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  const weight = Math.max(0, (165 - (0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2])) / 255) ** 0.8;
  return '#' + parts.map((part) => Math.round(part + weight * (255 - part)).toString(16).padStart(2, '0')).join('');
}
const CONFIG = {
  responsive: true, displaylogo: false, scrollZoom: false, showSendToCloud: false, plotlyServerURL: '',
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
};
function draw(place, { data, layout }, dark) {
  const toImageButtonOptions = { format: 'svg', filename: place.dataset.figure };
  return Plotly.react(place, dressed(data, dark), dressed(layout, dark), { ...CONFIG, toImageButtonOptions });
}
/** The frame of a slider nearest to a value, on a logarithmic scale for ε; that of the limit has ε = 0. */
function nearestFrame({ symbol, frames }, value) {
  const level = (at) => symbol === 'ε' ? Math.log(Math.max(at, 1e-300)) : at;
  const distances = frames.map(({ at }) => Math.abs(level(at) - level(value)));
  return frames[distances.indexOf(Math.min(...distances))];
}
function showFrame(place, { change, traces }, dark) {
  return Plotly.restyle(place, dressed(structuredClone(change), dark), traces);
}
`.trim();

/** Draws every figure from the JSON block, links sliders, copies, marks the section that is read, unfolds for print. */
export const PAGE_SCRIPT = `${FIGURE_SCRIPT}
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const figures = read('figures');
const places = [...document.querySelectorAll('[data-figure]')];
const inputs = [...document.querySelectorAll('[data-slider]')];
const darkness = matchMedia('(prefers-color-scheme: dark)');
const printing = matchMedia('print');
const isDark = () => darkness.matches && !printing.matches;
const failed = (place) => (error) => { place.textContent = 'This figure could not be drawn: ' + error.message; };
async function drawAll() {
  for (const place of places) {
    await draw(place, structuredClone(figures[place.dataset.figure]), isDark()).catch(failed(place));
  }
  for (const [symbol, value] of chosen) move(symbol, value);
}

const sliderOf = (input) => figures[input.dataset.of].sliders[input.dataset.slider];
/** What is chosen by the sliders of a symbol. */
const chosen = new Map();
const waiting = new Set();
function move(symbol, value) {
  waiting.delete(symbol);
  for (const input of inputs.filter((each) => sliderOf(each).symbol === symbol)) {
    const slider = sliderOf(input);
    const frame = nearestFrame(slider, value);
    input.value = slider.frames.indexOf(frame);
    input.nextElementSibling.textContent = frame.label;
    input.setAttribute('aria-valuetext', symbol + ' = ' + frame.label);
    showFrame(document.querySelector('[data-figure="' + input.dataset.of + '"]'), frame, isDark());
  }
}
for (const input of inputs) {
  const { symbol, frames } = sliderOf(input);
  if (!chosen.has(symbol)) chosen.set(symbol, frames[input.value].at);
  input.addEventListener('input', () => {
    chosen.set(symbol, frames[input.value].at);
    if (!waiting.has(symbol)) requestAnimationFrame(() => move(symbol, chosen.get(symbol)));
    waiting.add(symbol);
  });
}

const texts = read('texts');
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = text;
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
for (const button of document.querySelectorAll('[data-copy]')) {
  const before = button.textContent;
  button.addEventListener('click', async () => {
    await copy(texts[button.dataset.copy]);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = before; }, 1500);
  });
}

const links = [...document.querySelectorAll('nav a')];
const menu = document.querySelector('nav details');
const wide = matchMedia('(min-width: 1100px)');
const unfold = () => { menu.open = wide.matches; };
unfold();
wide.addEventListener('change', unfold);
for (const link of links) link.addEventListener('click', unfold);
function markCurrent() {
  const tops = links.map((link) => document.getElementById(link.hash.slice(1)).getBoundingClientRect().top);
  const current = Math.max(0, tops.findLastIndex((top) => top < innerHeight / 3));
  links.forEach((link) => link.removeAttribute('aria-current'));
  links[current].setAttribute('aria-current', 'true');
}
addEventListener('scroll', markCurrent, { passive: true });
markCurrent();
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const folded of target?.querySelectorAll(':scope > details') ?? []) folded.open = true;
}
addEventListener('hashchange', openTarget);
openTarget();

printing.addEventListener('change', () => {
  if (printing.matches) for (const each of document.querySelectorAll('main details')) each.open = true;
  if (darkness.matches) drawAll();
});
darkness.addEventListener('change', drawAll);
drawAll();
`.trim();

/** Turns the page of one figure into the picture as a data URL. */
export const IMAGE_SCRIPT = `${FIGURE_SCRIPT}
// plotly.js draws names of elements at random; the same figure gives the same bytes.
let drawn = 1;
Math.random = () => {
  drawn = (drawn * 48271) % 2147483647;
  return drawn / 2147483647;
};
(async () => {
  const { figure, options } = JSON.parse(document.getElementById('content').textContent);
  const { format, width, height, dark, epsilon } = options;
  const place = document.getElementById('place');
  const layout = { ...figure.layout, width, height, autosize: false, paper_bgcolor: '#ffffff' };
  await draw(place, { ...figure, layout }, dark);
  const slider = (figure.sliders ?? []).find(({ symbol }) => symbol === 'ε');
  if (epsilon !== undefined && slider) await showFrame(place, nearestFrame(slider, epsilon), dark);
  document.body.textContent = await Plotly.toImage(place, { format, width, height, scale: format === 'png' ? 3 : 1 });
})().catch((error) => { document.body.textContent = error.message; });
`.trim();
