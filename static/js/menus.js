// Menus are native popovers; this places them and moves the focus with the arrow keys.
import { place } from "./place.js";

const items = (card) => [...card.querySelectorAll(".menu-item:not([disabled])")];
const triggerOf = (card) => document.querySelector(`[popovertarget="${card.id}"]`);

document.addEventListener("toggle", (event) => {
  const card = event.target;
  if (!card.classList?.contains("menu-card")) return;
  const trigger = triggerOf(card);
  trigger?.setAttribute("aria-expanded", String(event.newState === "open"));
  if (event.newState !== "open" || !trigger) return;
  place(card, trigger, { align: card.dataset.align });
  if (trigger.matches(":focus-visible")) items(card)[0]?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const trigger = event.target.closest?.("[popovertarget]");
  const opened = event.target.closest?.(".menu-card");
  if (trigger && event.key === "ArrowDown") {
    event.preventDefault();
    const card = document.getElementById(trigger.getAttribute("popovertarget"));
    card.showPopover();
    return items(card)[0]?.focus();
  }
  if (!opened || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const all = items(opened);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  all[(to + all.length) % all.length]?.focus();
});

document.addEventListener("click", (event) => {
  const item = event.target.closest(".menu-card .menu-item:not([data-keep-open])");
  if (item) item.closest(".menu-card").hidePopover();
});
