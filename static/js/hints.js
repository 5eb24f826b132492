// Cards that explain a number: open by hover, focus and tap; Esc closes. [data-hint="ID"] names the card.
import { place } from "./place.js";

let open = null;
let timer = 0;

const cardOf = (trigger) => document.getElementById(trigger.dataset.hint);

function show(trigger) {
  clearTimeout(timer);
  const card = cardOf(trigger);
  if (!card || open?.card === card) return;
  hide();
  card.showPopover();
  place(card, trigger);
  open = { card, trigger };
}

function hide() {
  clearTimeout(timer);
  if (open?.card.matches(":popover-open")) open.card.hidePopover();
  open = null;
}

const soon = (act, wait) => { clearTimeout(timer); timer = setTimeout(act, wait); };

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const trigger = event.target.closest?.("[data-hint]");
  if (trigger) return soon(() => show(trigger), open ? 0 : 180);
  if (open && event.target.closest?.(".hint-card") === open.card) return clearTimeout(timer);
  if (open) soon(hide, 160);
  else clearTimeout(timer);
});
document.addEventListener("focusin", (event) => {
  const trigger = event.target.closest?.("[data-hint]");
  if (trigger && event.target.matches(":focus-visible")) show(trigger);
  else if (open && !open.card.contains(event.target)) hide();
});
document.addEventListener("click", (event) => {
  const trigger = event.target.closest("button[data-hint]");
  if (trigger) { event.preventDefault(); return open?.trigger === trigger ? hide() : show(trigger); }
  if (open && !open.card.contains(event.target)) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open) return;
  event.preventDefault();
  hide();
}, true);
addEventListener("scroll", hide, { passive: true, capture: true });
