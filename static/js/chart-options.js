// One small description of a chart → ECharts options, in the manner of the house: thin axes, direct words, no decoration.
import { axis, spell, targetRoom, targets, tooltip } from "./chart-parts.js";
import { toneOf } from "./chart-theme.js";

function corners(data, horizontal) {
  if (data.type === "stacked-bar" || data.type === "diverging-bar") return 0;
  return horizontal ? [0, 2, 2, 0] : [2, 2, 0, 0];
}

const barLook = (data, colours, horizontal) => ({
  type: "bar",
  stack: data.type === "stacked-bar" ? "all" : undefined,
  barMaxWidth: horizontal ? 16 : 32,
  barCategoryGap: data.type === "histogram" ? "10%" : "38%",
  barGap: "10%",
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

function series(data, colours, horizontal) {
  return data.series.map((one, index) => ({
    name: one.name,
    data: one.data,
    color: toneOf(one, index, colours),
    cursor: one.links ?? data.links ? "pointer" : "default",
    emphasis: { focus: data.series.length > 1 ? "series" : "none" },
    markLine: index === 0 && data.targets?.length ? targets(data, colours, horizontal) : undefined,
    ...(data.type === "line" ? lineLook(one) : barLook(data, colours, horizontal)),
  }));
}

// A funnel reads best as bars from a common left edge: length is the count, words say the share of the step before.
function funnel(data, colours) {
  const [first] = data.series;
  const tones = first.tones ?? data.categories.map(() => first.tone);
  const share = (index) => (index && first.data[index - 1] ? ` · ${spell((100 * first.data[index]) / first.data[index - 1], "%")}` : "");
  return {
    grid: { left: 4, right: 110, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: axis(colours, { type: "category", inverse: true, data: data.categories, axisLine: { show: false }, axisLabel: { color: colours.ink, fontSize: 14, fontFamily: colours.font } }),
    series: [{
      type: "bar", name: first.name, barMaxWidth: 30, cursor: first.links ?? data.links ? "pointer" : "default",
      data: first.data.map((value, index) => ({ value, itemStyle: { color: toneOf({ tone: tones[index] }, 0, colours), borderRadius: [0, 3, 3, 0] } })),
      label: { show: true, position: "right", color: colours.ink, fontSize: 13, fontFamily: colours.font, formatter: ({ value, dataIndex }) => spell(value, data.unit) + share(dataIndex) },
    }],
  };
}

function plain(data, colours, width) {
  const horizontal = data.type === "diverging-bar" || data.horizontal === true;
  const names = axis(colours, { type: "category", data: data.categories, splitLine: { show: false }, inverse: horizontal, axisLine: { show: !horizontal, lineStyle: { color: colours.axis } } });
  names.axisLabel = { ...names.axisLabel, color: colours.soft, hideOverlap: true, ...(horizontal ? { width: Math.min(220, width / 3), overflow: "truncate" } : {}) };
  const values = axis(colours, { type: "value", axisLine: { show: false }, splitNumber: 4 });
  values.axisLabel.formatter = (value) => spell(value, data.unit === "%" ? "%" : "");
  const legend = data.series.length > 1;
  const words = { color: colours.soft, fontSize: 12, fontFamily: colours.font };
  return {
    grid: { left: 4, right: 12 + targetRoom(data), top: legend ? 36 : 14, bottom: 4, containLabel: true },
    legend: { show: legend, left: 0, top: 0, padding: [2, 0], icon: "roundRect", itemWidth: 10, itemHeight: 10, itemGap: 16, textStyle: words },
    [horizontal ? "yAxis" : "xAxis"]: names,
    [horizontal ? "xAxis" : "yAxis"]: values,
    series: series(data, colours, horizontal),
  };
}

export function optionsFor(data, colours, width) {
  const base = { animation: false, textStyle: { fontFamily: colours.font }, aria: { enabled: true }, tooltip: tooltip(colours, data) };
  return { ...base, ...(data.type === "funnel" ? funnel(data, colours) : plain(data, colours, width)) };
}
