// Parts every chart shares: words for numbers, axes, the card under the pointer, target lines.
const number = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 1 });

export function spell(value, unit = "") {
  if (value === null || value === undefined || value === "-") return "–";
  const words = number.format(value).replace("-", "−");
  return unit === "%" ? `${words}%` : unit ? `${words} ${unit}` : words;
}

const day = new Intl.DateTimeFormat(document.documentElement.lang || "en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

// A category as people read it: days come as 2026-11-22.
export const spellCategory = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? day.format(new Date(text)) : text);

export function axis(colours, more) {
  return {
    axisLine: { lineStyle: { color: colours.axis } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.muted, fontSize: 12, fontFamily: colours.font },
    ...more,
  };
}

export function tooltip(colours, data) {
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

// Lines across the chart: values to reach, and days on which something happened.
export function targets(data, colours, horizontal) {
  const moments = (data.moments ?? []).map(({ at, name }, index) => ({ xAxis: at, name, lineStyle: { type: "solid" }, label: { padding: [0, 0, 13 * (index % 3), 0] } }));
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colours.soft, type: [4, 3], width: 1 },
    label: { color: colours.soft, fontSize: 12, fontFamily: colours.font, position: "end", formatter: ({ name }) => name },
    data: [...(data.targets ?? []).map(({ value, name }) => ({ [horizontal ? "xAxis" : "yAxis"]: value, name: name ?? spell(value, data.unit) })), ...moments],
  };
}

// Room at the right edge for the words of the target lines.
export const targetRoom = (data) => Math.max(0, ...(data.targets ?? []).map(({ value, name }) => (name ?? spell(value, data.unit)).length * 7 + 4));
