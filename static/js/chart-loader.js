// The chart code is fetched only where a page has a chart.
const address = document.querySelector('meta[name="charts-url"]')?.content;
let module = null;

async function draw(root) {
  const figures = [...root.querySelectorAll?.("figure[data-chart]") ?? []];
  if (root.matches?.("figure[data-chart]")) figures.push(root);
  if (!figures.length || !address) return;
  module ??= import(address);
  const { drawChart } = await module;
  figures.forEach(drawChart);
}

document.addEventListener("htmx:load", (event) => draw(event.detail.elt));
draw(document);
