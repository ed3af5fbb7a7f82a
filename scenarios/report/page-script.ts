/** Draws every figure of the page from the JSON block; runs in the reader's browser, after plotly.js. */
export const PAGE_SCRIPT = `
const figures = JSON.parse(document.getElementById('figures').textContent);
for (const place of document.querySelectorAll('[data-figure]')) {
  const { data, layout } = figures[place.dataset.figure];
  const config = {
    responsive: true,
    displaylogo: false,
    scrollZoom: false,
    showSendToCloud: false,
    plotlyServerURL: '',
    modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
    toImageButtonOptions: { format: 'svg', filename: place.dataset.figure },
  };
  Plotly.newPlot(place, data, layout, config).catch((error) => {
    place.textContent = 'This figure could not be drawn: ' + error.message;
  });
}
`.trim();
