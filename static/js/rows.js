// Rows under the keyboard: j k move, Enter opens, x chooses, data-row-key presses a button of the current row.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility?.() ?? true);
const current = () => document.querySelector("[data-row][data-current]");
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, [popover]");

function mark(row, focus = true) {
  document.querySelectorAll("[data-row][data-current]").forEach((one) => one !== row && delete one.dataset.current);
  row.dataset.current = "";
  if (!focus) return;
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(current()) + step))];
  if (!next) return;
  mark(next);
  if (document.querySelector("#panel > *")) open(next, true);
}

function open(row, onlyPanel = false) {
  const link = row.querySelector(onlyPanel ? "[data-open][hx-target='#panel']" : "[data-open]");
  link?.click();
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  x: (row) => row?.querySelector("input[type=checkbox]")?.click(),
  Enter: (row) => row && open(row),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const row = current();
  if (event.key === "Enter" && (event.target.closest("a, button, summary") || (event.target.matches("input") && !event.target.closest("[data-row]")))) return;
  const button = row?.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`);
  if (button) { event.preventDefault(); return button.click(); }
  if (!acts[event.key] || !rows().length) return;
  event.preventDefault();
  acts[event.key](row);
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (row && row !== event.target) mark(row, false);
});
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) mark(row, false);
});

// The row of what is open in the panel is the current one, also when it was not opened from its row.
document.addEventListener("htmx:afterSwap", (event) => {
  const open = document.querySelector("#panel [data-row-of]");
  const row = open && document.getElementById(open.dataset.rowOf);
  if (row && (event.detail.target.id === "panel" || event.detail.target.querySelector("[data-row]"))) mark(row, false);
});
