/** The style sheet of the report: system fonts, one column of text, two figures per row where there is room. */
export const PAGE_STYLE = `
:root { --ink: #1d2530; --muted: #5c6773; --rule: #e1e5ea; --paper: #ffffff; --ground: #f7f8fa; --accent: #2a5d84;
  --good: #1b7a4b; --warn: #a35b00; --bad: #b3261e;
  --math: "STIX Two Math", "Cambria Math", "Latin Modern Math", "STIX Two Text", Cambria, Georgia, serif; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1320px; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: .2rem 0 .4rem; letter-spacing: -.015em; }
h2 { font-size: 1.3rem; margin: 3rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 0 0 .3rem; }
p { margin: 0 0 .7rem; max-width: 80ch; }
a { color: var(--accent); text-underline-offset: .15em; }
.kicker, .muted, figcaption { color: var(--muted); font-size: .9rem; }
.kicker { margin: 0; letter-spacing: .02em; }
.badge { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .82rem; font-weight: 600;
  background: #eef1f4; color: var(--muted); white-space: nowrap; }
.good { background: #e4f3ea; color: var(--good); }
.warn { background: #fdf0dc; color: var(--warn); }
.bad { background: #fbe6e4; color: var(--bad); }
.card { background: var(--paper); border: 1px solid var(--rule); border-radius: 10px; padding: 1.2rem 1.3rem; }
.pde { font-family: var(--math); font-size: 1.2rem; display: flex; flex-wrap: wrap; gap: .4rem 1.4rem;
  align-items: center; padding-bottom: 1rem; margin-bottom: 1rem; border-bottom: 1px solid var(--rule); }
.pde .to { color: var(--accent); font-family: inherit; white-space: nowrap; }
.pde span { white-space: nowrap; }
.pde sup, .pde sub, .formulas sup, .formulas sub { font-size: .68em; line-height: 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1.2rem; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.formulas dt, .formulas dd { font-family: var(--math); font-size: 1.05rem; }
.strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(15.5rem, 1fr)); gap: .9rem; }
.finding { padding: .9rem 1rem; border-left: 4px solid #c4ccd4; display: flex; flex-direction: column; gap: .15rem; }
.finding.is-good { border-left-color: var(--good); }
.finding.is-warn { border-left-color: #e0a03c; }
.finding .figure { font-size: 1.7rem; font-weight: 650; line-height: 1.15; font-variant-numeric: tabular-nums; }
.finding .figure small { font-size: .85rem; font-weight: 400; color: var(--muted); margin-left: .4rem; }
.finding .label { font-weight: 600; }
.finding p { margin: .2rem 0 0; font-size: .88rem; color: var(--muted); }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th { font-weight: 600; color: var(--muted); border-bottom: 1.5px solid #b9c2cb; vertical-align: bottom; }
th, td { padding: .32rem .62rem; text-align: right; white-space: nowrap; }
th.text, td.text { text-align: left; }
td.prose { white-space: normal; min-width: 14rem; }
th:first-child, td:first-child { padding-left: .2rem; }
tbody tr + tr td { border-top: 1px solid #eef1f4; }
td.error { font-weight: 600; }
table.full { width: 100%; }
.study { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.2rem; margin-bottom: 1.4rem; }
.claim { margin-top: 1.4rem; }
.study > *, .grid > * { min-width: 0; }
.notes { margin: .9rem 0 0; padding-left: 1.1rem; font-size: .92rem; max-width: 80ch; }
.notes li { margin-bottom: .3rem; }
.grid { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.4rem; }
figure { margin: 0; min-width: 0; }
figcaption { margin-top: .3rem; }
.plot { width: 100%; }
.plot .modebar { opacity: 0; transition: opacity .2s; }
.plot:hover .modebar, .plot:focus-within .modebar { opacity: 1; }
.warnings { border-left: 4px solid #e0a03c; }
.warnings ul { margin: 0; padding-left: 1.1rem; }
details summary { cursor: pointer; font-weight: 600; }
pre { overflow-x: auto; background: #f2f4f6; border-radius: 8px; padding: 1rem; font-size: .85rem; line-height: 1.5; }
footer { margin-top: 3rem; padding-top: 1.2rem; border-top: 1px solid var(--rule); color: var(--muted); }
@media (min-width: 1000px) {
  .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .study.narrow { grid-template-columns: fit-content(67%) minmax(0, 1fr); column-gap: 2rem; }
  .study.wide { grid-template-columns: minmax(0, 11fr) minmax(0, 9fr); }
  .study.wide .scroll { grid-column: 1 / -1; }
  .study > header { grid-column: 1 / -1; }
}
@media (max-width: 600px) {
  main { padding: 1.2rem .8rem 3rem; }
  h1 { font-size: 1.5rem; }
  .card { padding: .9rem .8rem; }
  .pde { font-size: 1.02rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .5rem; }
}
@media print {
  body { background: #fff; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .card { border-color: #ccc; break-inside: avoid; }
  .modebar { display: none; }
  figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`.trim();
