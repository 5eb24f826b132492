// Bars and lines of a chart: one entry of its description → one series of ECharts.
import { BARS, whiskers } from "./chart-intervals.js";
import { targets } from "./chart-parts.js";
import { toneOf } from "./chart-theme.js";

function corners(data, horizontal) {
  if (data.type === "stacked-bar" || data.type === "diverging-bar") return 0;
  return horizontal ? [0, 2, 2, 0] : [2, 2, 0, 0];
}

const barLook = (data, colours, horizontal) => ({
  type: "bar",
  stack: data.type === "stacked-bar" || data.type === "diverging-bar" ? "all" : undefined,
  ...BARS,
  ...(horizontal ? { barMaxWidth: 16 } : {}),
  ...(data.type === "histogram" ? { barCategoryGap: "10%" } : {}),
  itemStyle: { borderRadius: corners(data, horizontal), borderColor: colours.ground, borderWidth: data.type === "stacked-bar" ? 1 : 0 },
});

const lineLook = (one) => ({
  type: "line",
  symbol: "circle",
  symbolSize: 6,
  showSymbol: one.data.length < 30,
  triggerLineEvent: true,
  lineStyle: { width: one.tone === "compare" ? 1.5 : 2, type: one.tone === "compare" ? [4, 4] : "solid" },
});

export function series(data, colours, horizontal) {
  return [...data.series.map((one, index) => ({
    name: one.name,
    data: one.data,
    color: toneOf(one, index, colours),
    cursor: one.links ?? data.links ? "pointer" : "default",
    emphasis: { focus: data.series.length > 1 ? "series" : "none" },
    markLine: index === 0 && (data.targets?.length || data.moments?.length) ? targets(data, colours, horizontal) : undefined,
    ...(data.type === "line" ? lineLook(one) : barLook(data, colours, horizontal)),
  })), ...whiskers(data, colours)];
}
