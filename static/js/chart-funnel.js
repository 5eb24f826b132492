// A funnel reads best as bars from a common left edge: length is the count, words say the share of the step before.
import { axis, spell } from "./chart-parts.js";
import { toneOf } from "./chart-theme.js";

export function funnel(data, colours) {
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
