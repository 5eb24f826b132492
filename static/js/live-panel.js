// What a draft would do is filled anew while somebody types: what was open stays open, and the focus stays on it.
const FOLD = "#live-panel-body details";
const open = new Set();
const name = (fold) => fold.dataset.kind ?? "table";
const isPanel = (detail) => detail.target?.id === "live-panel-body";
let focused = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isPanel(detail)) return;
  for (const fold of document.querySelectorAll(FOLD)) open[fold.open ? "add" : "delete"](name(fold));
  const here = document.activeElement?.closest(FOLD);
  focused = here ? name(here) : null;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!isPanel(detail)) return;
  for (const fold of document.querySelectorAll(FOLD)) {
    fold.open = open.has(name(fold));
    if (name(fold) === focused) fold.querySelector("summary").focus({ preventScroll: true });
  }
});
