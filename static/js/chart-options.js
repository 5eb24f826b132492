// One small description of a chart → ECharts options, in the manner of the house: thin axes, direct words, no decoration.
import { toneOf } from "./chart-theme.js";

const number = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 1 });
export const spell = (value, unit) => (value === null || value === undefined ? "–" : `${number.format(value).replace("-", "−")}${unit ? ` ${unit}` : ""}`);

function axis(colours, more) {
  return {
    axisLine: { lineStyle: { color: colours.axis } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.muted, fontSize: 12, fontFamily: colours.font },
    ...more,
  };
}

function tooltip(colours, data) {
  return {
    trigger: "axis",
    renderMode: "richText",
    confine: true,
    axisPointer: { type: data.type === "line" ? "line" : "shadow", lineStyle: { color: colours.axis }, shadowStyle: { color: colours.line, opacity: 0.35 } },
    backgroundColor: colours.raised,
    borderColor: colours.axis,
    textStyle: { color: colours.ink, fontSize: 12, fontFamily: colours.font },
    valueFormatter: (value) => spell(value, data.unit),
  };
}

function targets(data, colours, horizontal) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colours.soft, type: [4, 3], width: 1 },
    label: { color: colours.soft, fontSize: 12, fontFamily: colours.font, position: "insideEndTop", formatter: ({ name }) => name },
    data: (data.targets ?? []).map(({ value, name }) => ({ [horizontal ? "xAxis" : "yAxis"]: value, name: name ?? spell(value, data.unit) })),
  };
}

function series(data, colours, horizontal) {
  const stacked = data.type === "stacked-bar";
  return data.series.map((one, index) => {
    const color = toneOf(one, index, colours);
    const line = data.type === "line";
    const clickable = Boolean(one.links ?? data.links);
    return {
      name: one.name, data: one.data, color, cursor: clickable ? "pointer" : "default",
      type: line ? "line" : "bar",
      stack: stacked ? "all" : undefined,
      barMaxWidth: horizontal ? 18 : 36, barCategoryGap: data.type === "histogram" ? "8%" : "36%", barGap: "12%",
      symbol: "circle", symbolSize: 6, showSymbol: one.data.length < 30, triggerLineEvent: clickable,
      lineStyle: { width: 2, type: one.tone === "compare" ? "dashed" : "solid" }, emphasis: { focus: data.series.length > 1 ? "series" : "none" },
      itemStyle: line ? {} : { borderRadius: stacked || data.type === "diverging-bar" ? 0 : horizontal ? [0, 2, 2, 0] : [2, 2, 0, 0], borderColor: colours.ground, borderWidth: stacked ? 1 : 0 },
      markLine: index === 0 && data.targets?.length ? targets(data, colours, horizontal) : undefined,
    };
  });
}

export function optionsFor(data, colours, width) {
  const base = { animation: false, textStyle: { fontFamily: colours.font }, aria: { enabled: true }, tooltip: tooltip(colours, data) };
  if (data.type === "funnel") return { ...base, ...funnel(data, colours) };
  const horizontal = data.type === "diverging-bar" || data.horizontal === true;
  const names = axis(colours, { type: "category", data: data.categories, splitLine: { show: false }, inverse: horizontal, axisLine: { show: !horizontal, lineStyle: { color: colours.axis } } });
  names.axisLabel = { ...names.axisLabel, color: colours.soft, hideOverlap: true, width: horizontal ? Math.min(220, width / 3) : undefined, overflow: "truncate" };
  const values = axis(colours, { type: "value", axisLine: { show: false }, splitNumber: 4 });
  values.axisLabel.formatter = (value) => spell(value, data.unit === "%" ? "%" : "");
  const legend = data.series.length > 1;
  return {
    ...base,
    grid: { left: 4, right: 12, top: legend ? 36 : 14, bottom: 4, containLabel: true },
    legend: { show: legend, left: 0, top: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, itemGap: 16, textStyle: { color: colours.soft, fontSize: 12, fontFamily: colours.font } },
    [horizontal ? "yAxis" : "xAxis"]: names,
    [horizontal ? "xAxis" : "yAxis"]: values,
    series: series(data, colours, horizontal),
  };
}

// A funnel reads best as bars from a common left edge: length is the count, words say the share of the step before.
function funnel(data, colours) {
  const [first] = data.series;
  const tones = first.tones ?? data.categories.map(() => first.tone);
  const share = (index) => (index && first.data[index - 1] ? ` · ${spell((100 * first.data[index]) / first.data[index - 1], "%")}` : "");
  return {
    grid: { left: 4, right: 120, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: axis(colours, { type: "category", inverse: true, data: data.categories, axisLine: { show: false }, splitLine: { show: false }, axisLabel: { color: colours.ink, fontSize: 14, fontFamily: colours.font } }),
    series: [{
      type: "bar", name: first.name, barMaxWidth: 34, cursor: data.links || first.links ? "pointer" : "default",
      data: first.data.map((value, index) => ({ value, itemStyle: { color: toneOf({ tone: tones[index] }, 0, colours), borderRadius: [0, 3, 3, 0] } })),
      label: { show: true, position: "right", color: colours.ink, fontSize: 13, fontFamily: colours.font, formatter: ({ value, dataIndex }) => spell(value, data.unit) + share(dataIndex) },
    }],
  };
}
