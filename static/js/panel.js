// The side panel: opens when htmx fills #panel; Esc or its button empties it and gives the focus back.
const panel = () => document.getElementById("panel");
let opener = null;

export function close() {
  if (!panel()?.firstElementChild) return false;
  panel().replaceChildren();
  document.querySelectorAll("[data-row][aria-current]").forEach((row) => row.removeAttribute("aria-current"));
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  return true;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id !== "panel" || panel().contains(event.detail.elt)) return;
  opener = event.detail.elt.closest("[data-row]") ?? event.detail.elt;
});

// What is about to be replaced takes no more keys: they are meant for what comes.
document.addEventListener("htmx:beforeSend", (event) => { if (event.detail.target?.id === "panel") panel().inert = true; });
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.target?.id === "panel" && panel()) panel().inert = false; });

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "panel") return;
  if (!panel().firstElementChild) return close();
  panel().inert = false;
  panel().scrollTop = 0;
  if (!opener?.matches?.("[data-row]")) panel().querySelector("h2")?.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => event.target.closest("[data-panel-close]") && close());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (document.querySelector("dialog[open], [popover]:popover-open") || event.target.closest?.("input, textarea, select")) return;
  if (close()) return;
  if (location.hash === "#nav") location.hash = "main";
});
