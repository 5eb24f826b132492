// Between what each share probably lies: a whisker on its bar, for series with `intervals` ([low, high] or null for each mark).
export const BARS = { barMaxWidth: 32, barCategoryGap: "38%", barGap: "10%" };
const FOOT = 4;

function whisker(api, place, count) {
  const { offsetCenter, width } = api.barLayout({ ...BARS, count })[place];
  const [middle, low] = api.coord([api.value(0), api.value(1)]);
  const [, high] = api.coord([api.value(0), api.value(2)]);
  const x = middle + offsetCenter;
  const foot = Math.min(FOOT, width / 2);
  return `M${x},${low}V${high}M${x - foot},${low}h${2 * foot}M${x - foot},${high}h${2 * foot}`;
}

export function whiskers(data, colours) {
  return data.series.flatMap((one, place) => !one.intervals ? [] : [{
    type: "custom",
    name: one.name,
    silent: true,
    tooltip: { show: false },
    z: 3,
    encode: { x: 0, y: [1, 2] },
    data: one.intervals.flatMap((pair, index) => pair ? [[index, ...pair]] : []),
    renderItem: (_params, api) => ({
      type: "path",
      shape: { pathData: whisker(api, place, data.series.length) },
      style: { fill: "none", stroke: colours.ink, lineWidth: 1.5 },
    }),
  }]);
}
