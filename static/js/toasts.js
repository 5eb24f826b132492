// Short words at the bottom: with undo, gone after ten seconds unless something went wrong or the pointer rests there.
import { csrfToken } from "./requests.js";
import { say } from "./words.js";

const stack = () => document.getElementById("toasts");
const LASTS = 10000;

export function toast({ text, tone = "neutral", undo = "" }) {
  const card = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  card.dataset.tone = tone;
  card.querySelector(".toast-text").textContent = text;
  const form = card.querySelector("form");
  if (undo) form.action = undo;
  else form.remove();
  if (undo) form.elements.csrfmiddlewaretoken.value = csrfToken();
  if (undo && document.getElementById("panel")) inPlace(form, card);
  stack().append(card);
  window.htmx.process(card);
  while (stack().children.length > 3) stack().firstElementChild.remove();
  leave(card);
}

// What is undone beside a list is undone beside it: the answer goes into the panel, the page stays.
function inPlace(form, card) {
  for (const [name, value] of [["hx-post", form.getAttribute("action")], ["hx-target", "#panel"], ["hx-swap", "innerHTML"]]) form.setAttribute(name, value);
  card.addEventListener("htmx:afterRequest", () => card.remove());
}

function leave(card) {
  if (card.dataset.tone === "late" || card.dataset.tone === "soon") return;
  let timer = setTimeout(() => card.remove(), LASTS);
  const stay = () => clearTimeout(timer);
  const go = () => { clearTimeout(timer); timer = setTimeout(() => card.remove(), LASTS / 2); };
  card.addEventListener("pointerenter", stay);
  card.addEventListener("pointerleave", go);
  card.addEventListener("focusin", stay);
  card.addEventListener("focusout", go);
}

document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast-card").remove());
document.addEventListener("toast", (event) => toast(event.detail));
window.addEventListener("offline", () => toast({ text: say("offline"), tone: "late" }));
stack()?.querySelectorAll(".toast-card").forEach(leave);
