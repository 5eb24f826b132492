// A list that is drawn anew keeps the row one stands on, the one that is open, what is chosen, and the focus.
let kept = null;
const list = (event) => event.detail.target?.querySelector?.("[data-row]") && event.detail.target;

document.addEventListener("htmx:beforeSwap", (event) => {
  const old = list(event);
  if (!old?.id) return;
  const idOf = (selector) => old.querySelector(selector)?.id;
  kept = {
    id: old.id,
    current: idOf("[data-row][data-current]"),
    open: idOf("[data-row][aria-current]"),
    focused: document.activeElement?.matches("[data-row]") && old.contains(document.activeElement),
    chosen: new Set([...old.querySelectorAll('input[name="ids"]:checked')].map((box) => box.value)),
  };
});

document.addEventListener("htmx:afterSwap", () => {
  const fresh = kept && document.getElementById(kept.id);
  if (!fresh) return;
  const row = (id) => id && fresh.querySelector(`#${CSS.escape(id)}`);
  const { current, open, focused, chosen } = kept;
  kept = null;
  row(open)?.setAttribute("aria-current", "true");
  fresh.querySelectorAll('input[name="ids"]').forEach((box) => { box.checked = chosen.has(box.value); });
  const here = row(current);
  if (!here) return;
  here.dataset.current = "";
  if (focused) { here.tabIndex = -1; here.focus({ preventScroll: true }); }
});
