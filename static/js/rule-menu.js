// One menu for all rules of a draft: it opens beside the rule whose button was pressed and acts on that one.
import { place } from "./place.js";

const card = () => document.getElementById("rule-menu");
let opener = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rule-menu]");
  if (!button) return;
  opener = button;
  const rule = button.closest("[data-rule]");
  card().querySelectorAll("[data-act]").forEach((item) => {
    item.value = `${item.dataset.act}:${rule.dataset.rule}`;
    item.hidden = item.dataset.act === (rule.matches(".is-off") ? "off" : "on");
  });
  card().setAttribute("aria-label", button.getAttribute("aria-label"));
  card().showPopover();
  place(card(), button, { align: "end" });
  if (button.matches(":focus-visible")) card().querySelector("[data-act]:not([hidden])").focus();
});

document.addEventListener("toggle", (event) => {
  if (event.target.id !== "rule-menu") return;
  opener?.setAttribute("aria-expanded", String(event.newState === "open"));
  if (event.newState !== "open" && event.target.contains(document.activeElement)) opener?.focus();
}, true);
