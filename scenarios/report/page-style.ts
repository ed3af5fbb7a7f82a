/** The style sheet of the pages: system fonts, contents at the side, figures in rows where there is room. */
export const PAGE_STYLE = `
:root { color-scheme: light; --ink: #1d2530; --muted: #56616c; --rule: #dde2e8; --ground: #ffffff; --soft: #f4f6f8;
  --accent: #24557a; --good: #14693e; --good-soft: #e4f3ea; --warn: #8a4b00; --warn-soft: #fdf0dc; --bad: #a8221a;
  --bad-soft: #fbe6e4; --math: "STIX Two Math", "Cambria Math", "Latin Modern Math", "NotoSansMath-Regular", math; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --ink: #e4e8ed; --muted: #a3aeb9; --rule: #313942; --ground: #14181d; --soft: #1d232a;
    --accent: #8cc4ee; --good: #7fd8a5; --good-soft: #173526; --warn: #f0b866; --warn-soft: #3a2a10; --bad: #ff9d94;
    --bad-soft: #431c19; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { min-width: 0; max-width: 1500px; padding: 1.4rem 1.8rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: .1rem 0 .5rem; letter-spacing: -.015em; }
h2 { font-size: 1.25rem; margin: 0 0 .8rem; }
h3 { font-size: 1rem; line-height: 1.3; margin: 0 0 .3rem; }
main > section { margin-top: 2rem; padding-top: 1.3rem; border-top: 1px solid var(--rule); }
header + section { margin-top: 1rem; }
p { margin: 0 0 .6rem; max-width: 85ch; }
a { color: var(--accent); text-underline-offset: .15em; }
.kicker, .muted, figcaption { color: var(--muted); font-size: .88rem; }
.kicker { margin: 0; }
.badge { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .82rem; font-weight: 600;
  background: var(--soft); color: var(--muted); white-space: nowrap; }
.good { background: var(--good-soft); color: var(--good); }
.warn { background: var(--warn-soft); color: var(--warn); }
.bad { background: var(--bad-soft); color: var(--bad); }
nav { padding: .6rem .8rem 0; font-size: .88rem; }
nav summary { color: var(--muted); }
nav ol { list-style: none; margin: .4rem 0 0; padding: 0; }
nav a { display: block; padding: .28rem .7rem; color: var(--muted); text-decoration: none;
  border-left: 2px solid var(--rule); }
nav a:hover, nav a[aria-current] { color: var(--ink); }
nav a[aria-current] { border-color: var(--accent); font-weight: 600; }
math { font-family: var(--math); font-size: 1.1em; }
msup > :nth-child(2) { margin-left: .07em; }
.tml-sml-pad { padding-left: .05em; }
.tml-med-pad { padding-left: .1em; }
.tml-lrg-pad { padding-left: .15em; }
.verdict { max-width: none; }
.display { font-size: 1.15rem;
  display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .6rem; margin-bottom: .7rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .4rem 1.4rem; margin: 0 0 .8rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.mathematics dd { display: flex; flex-wrap: wrap; align-items: center; gap: .2rem 2rem; padding: .1rem 0; }
.mathematics dt { align-self: center; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
thead th { font-weight: 600; color: var(--muted); border-bottom: 1.5px solid var(--muted); vertical-align: bottom; }
th, td { padding: .28rem .62rem; text-align: right; white-space: nowrap; }
th.text, td.text { text-align: left; }
td.prose { white-space: normal; min-width: 14rem; }
th:first-child, td:first-child { padding-left: .2rem; }
tbody tr + tr td { border-top: 1px solid var(--rule); }
tfoot td, tfoot th { border-top: 1.5px solid var(--muted); font-weight: 600; }
td.error { font-weight: 600; }
button { font: inherit; font-size: .82rem; padding: .12rem .6rem; color: var(--accent); background: none;
  border: 1px solid var(--rule); border-radius: 6px; cursor: pointer; }
button:hover { border-color: var(--accent); }
.tools { margin: .5rem 0 0; }
.study { margin-bottom: 2.4rem; }
.notes { margin: .7rem 0 0; padding-left: 1.1rem; font-size: .92rem; max-width: 85ch; }
.notes li { margin-bottom: .25rem; }
.study figure { max-width: 44rem; margin-top: 1.2rem; }
.grid, .row { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.8rem 1.4rem; }
figure { margin: 0; min-width: 0; }
.plot { width: 100%; overflow: hidden; }
.plot .modebar { opacity: 0; transition: opacity .2s; }
.plot:hover .modebar, .plot:focus-within .modebar { opacity: 1; }
.slider { display: flex; align-items: center; gap: .7rem; margin: .2rem 0 .4rem; }
.slider input { flex: 1; min-width: 0; accent-color: var(--accent); }
.slider output { min-width: 4.5rem; font-variant-numeric: tabular-nums; }
.warnings { margin: 0; padding: .2rem 0 .2rem 2rem; border-left: 4px solid var(--warn); }
summary { cursor: pointer; }
summary h2 { display: inline; }
details[open] > summary { margin-bottom: .8rem; }
pre { overflow-x: auto; background: var(--soft); border-radius: 8px; padding: 1rem; font-size: .85rem; margin: 0; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
@media (min-width: 800px) {
  .grid, .row { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media screen and (min-width: 1100px) {
  body { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 1.5rem 0 1rem 1rem; }
  nav summary { list-style: none; pointer-events: none; padding-left: .8rem; }
  .row { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@media (max-width: 600px) {
  main { padding: .6rem .8rem 3rem; }
  h1 { font-size: 1.4rem; }
  .display { font-size: 1rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: .1rem; }
  dd { margin-bottom: .5rem; }
}
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav, button, .slider, .modebar { display: none !important; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; }
  td, th { white-space: normal; }
  figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`.trim();
