// Draws a <figure data-chart="URL"> from its JSON: SVG, our colours, redrawn when theme or width changes.
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { dataOf } from "./chart-data.js";
import { optionsFor } from "./chart-options.js";
import { palette } from "./chart-theme.js";

use([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, TooltipComponent, MarkLineComponent, AriaComponent, SVGRenderer]);

const drawn = new Map();

function follow(data, mark) {
  const links = data.series[mark.seriesIndex]?.links ?? data.links;
  const url = links?.[mark.dataIndex];
  if (url) location.href = url;
}

function render({ chart, data, figure }) {
  chart.setOption(optionsFor(data, palette(), figure.clientWidth), { notMerge: true });
}

// A panel that is filled again and again leaves its old charts behind.
function forgetGone() {
  for (const [figure, entry] of drawn) {
    if (figure.isConnected) continue;
    entry?.chart.dispose();
    drawn.delete(figure);
  }
}

export async function drawChart(figure) {
  forgetGone();
  const canvas = figure.querySelector(".chart-canvas");
  if (drawn.has(figure) || !canvas) return;
  drawn.set(figure, null);
  try {
    const data = await dataOf(figure);
    canvas.replaceChildren();
    canvas.dataset.drawn = "";
    const entry = { chart: init(canvas, null, { renderer: "svg" }), data, figure };
    drawn.set(figure, entry);
    entry.chart.on("click", (mark) => mark.componentType === "series" && follow(data, mark));
    render(entry);
    new ResizeObserver(() => { entry.chart.resize(); render(entry); }).observe(canvas);
  } catch {
    figure.dataset.failed = "";
    canvas.querySelector(".chart-fail")?.removeAttribute("hidden");
    figure.querySelector("details")?.setAttribute("open", "");
  }
}

const redraw = () => drawn.forEach((entry) => entry && render(entry));
document.addEventListener("lh:preference", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
// On paper the table says it all; it is opened before printing.
addEventListener("beforeprint", () => drawn.forEach((_, figure) => figure.querySelector("details")?.setAttribute("open", "")));
