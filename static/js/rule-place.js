// A rule opens in its place on the draft's page, one at a time; Ctrl Z and Ctrl Y outside of a field undo and do again.
const slots = () => document.querySelectorAll(".rule-slot");
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog");

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.target?.matches?.(".rule-slot")) return;
  slots().forEach((slot) => slot !== event.detail.target && slot.replaceChildren());
});
document.addEventListener("htmx:afterSwap", (event) => {
  const slot = event.detail.target;
  if (!slot?.matches?.(".rule-slot") || slot.querySelector(".is-invalid, .error-summary, .alert")) return;
  if (event.detail.requestConfig?.verb === "get") slot.querySelector("input:not([type=hidden])")?.focus({ preventScroll: true });
  slot.scrollIntoView({ block: "nearest" });
});

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-rule-close]");
  if (!close) return;
  event.preventDefault();
  const slot = close.closest(".rule-slot");
  slot.replaceChildren();
  slot.closest(".rule, .rule-group, .sheet").querySelector("[data-rule-open]")?.focus();
});

// The rules came anew: the focus goes on where it was, or to the rule that was changed.
document.addEventListener("draft-changed", (event) => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const row = document.getElementById(event.detail.anchor);
  row?.querySelector("[data-rule-open]")?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey) || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const wanted = key === "y" || (key === "z" && event.shiftKey) ? "Ctrl y" : key === "z" ? "Ctrl z" : "";
  const button = wanted && document.querySelector(`[data-key="${wanted}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
