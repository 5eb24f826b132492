// Our tokens as colours a chart can use: read from a probe element, so light-dark() is already decided.
const TONES = ["lead", "mql", "sql", "opportunity", "customer", "good", "soon", "late", "neutral"];
const ORDER = ["accent", "opportunity", "mql", "soon", "sql", "customer", "neutral"];

export function palette() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const tones = Object.fromEntries(TONES.map((tone) => [tone, read(`${tone}-solid`)]));
  tones.accent = read("accent-solid");
  tones.compare = read("line-control");
  const found = {
    tones,
    ink: read("ink"),
    soft: read("ink-2"),
    muted: read("ink-3"),
    line: read("line"),
    axis: read("line-control"),
    ground: read("surface"),
    raised: read("raised"),
    font: getComputedStyle(document.body).fontFamily,
  };
  probe.remove();
  return found;
}

export const toneOf = (series, index, colours) => colours.tones[series.tone] ?? colours.tones[ORDER[index % ORDER.length]];
