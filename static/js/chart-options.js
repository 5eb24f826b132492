// One small description of a chart → ECharts options, in the manner of the house: thin axes, direct words, no decoration.
import { funnel } from "./chart-funnel.js";
import { axis, spell, spellCategory, targetRoom, tooltip } from "./chart-parts.js";
import { series } from "./chart-series.js";

function plain(data, colours, width) {
  const horizontal = data.type === "diverging-bar" || data.horizontal === true;
  const names = axis(colours, { type: "category", data: data.categories, splitLine: { show: false }, inverse: horizontal, axisLine: { show: !horizontal, lineStyle: { color: colours.axis } } });
  names.axisLabel = { ...names.axisLabel, color: colours.soft, hideOverlap: true, formatter: spellCategory, ...(horizontal ? { width: Math.min(220, width / 3), overflow: "truncate" } : {}) };
  const values = axis(colours, { type: "value", axisLine: { show: false }, splitNumber: 4, ...(data.unit === "%" ? { min: 0, max: 100, interval: 25 } : {}) });
  values.axisLabel.formatter = (value) => spell(value, data.unit === "%" ? "%" : "");
  const legend = data.series.length > 1;
  const words = { color: colours.soft, fontSize: 12, fontFamily: colours.font };
  return {
    grid: { left: 4, right: 12 + targetRoom(data), top: (legend ? 36 : 14) + 13 * Math.min(3, data.moments?.length ?? 0), bottom: 4, containLabel: true },
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
