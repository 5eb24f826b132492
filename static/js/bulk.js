// Choosing many rows: one, a range with shift, all of the page; the bar appears and says how many.
import { say } from "./words.js";

let last = null;

const boxes = (area) => [...area.querySelectorAll('input[type="checkbox"][name="ids"]')];

function show(area) {
  const all = boxes(area);
  const chosen = all.filter((box) => box.checked).length;
  const bar = area.querySelector("[data-bulk-bar]");
  if (bar) bar.hidden = chosen === 0;
  area.querySelectorAll("[data-bulk-count]").forEach((one) => { one.textContent = say("chosen", { n: chosen }); });
  const head = area.querySelector("[data-bulk-all]");
  if (!head) return;
  head.checked = chosen > 0 && chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("click", (event) => {
  const area = event.target.closest("[data-bulk]");
  if (!area) return;
  if (event.target.closest("[data-bulk-clear]")) {
    boxes(area).forEach((box) => { box.checked = false; });
    return show(area);
  }
  if (!event.target.matches('input[type="checkbox"]')) return;
  const all = boxes(area);
  if (event.target.matches("[data-bulk-all]")) all.forEach((box) => { box.checked = event.target.checked; });
  else if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
  }
  last = event.target;
  show(area);
});

const showAll = () => document.querySelectorAll("[data-bulk]").forEach(show);
document.addEventListener("htmx:afterSettle", showAll);
window.addEventListener("pageshow", showAll);
