// What a draft would do is filled anew while somebody types: what was open stays open, and the focus stays on it.
const FOLD = "#live-panel-body details";
const open = new Set();
const name = (fold) => fold.dataset.kind ?? "table";
let focused = null;

document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.(FOLD)) open[target.open ? "add" : "delete"](name(target));
}, true);

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const here = document.activeElement?.closest(FOLD);
  focused = detail.target?.id === "live-panel-body" && here ? name(here) : null;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id !== "live-panel-body") return;
  for (const fold of document.querySelectorAll(FOLD)) {
    fold.open = open.has(name(fold));
    if (name(fold) === focused) fold.querySelector("summary").focus({ preventScroll: true });
  }
});
