// Keys that press what is on the page: data-key="c", sequences "g i", / for the search, ? for the list of keys, Esc for back.
import { say } from "./words.js";

let waiting = "";
let timer = 0;

const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function press(element) {
  if (element.matches("input, textarea, select")) { element.focus(); element.select?.(); }
  else element.click();
}

function find(name) {
  const selector = `[data-key="${CSS.escape(name)}"]`;
  return [...document.querySelectorAll(selector)].find((one) => visible(one) && !one.closest("[inert]"));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target) || document.querySelector("dialog[open], [popover]:popover-open:not(.hint-card)") || event.key.length > 1) return;
  if (event.key === "?") return showKeys();
  const name = waiting ? `${waiting} ${event.key}` : event.key;
  waiting = "";
  clearTimeout(timer);
  const element = find(name);
  if (element) { event.preventDefault(); return press(element); }
  if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    waiting = event.key;
    timer = setTimeout(() => { waiting = ""; }, 1200);
  }
});

function caps(keys) {
  const term = document.createElement("dt");
  term.className = "keys";
  term.append(...keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
  return term;
}

export function showKeys() {
  const dialog = document.getElementById("keys");
  const list = dialog.querySelector("[data-keys-here]");
  const seen = new Map();
  document.querySelectorAll("[data-key-help]").forEach((one) => {
    const key = one.dataset.key ?? one.dataset.rowKey;
    seen.set(`${key}|${one.dataset.keyHelp}`, [key, one.dataset.keyHelp]);
  });
  list.replaceChildren(...[...seen.values()].flatMap(([key, help]) => [caps(key), Object.assign(document.createElement("dd"), { textContent: help })]));
  dialog.querySelector("[data-keys-none]").hidden = seen.size > 0;
  dialog.setAttribute("aria-label", say("keys"));
  dialog.showModal();
}

document.addEventListener("click", (event) => event.target.closest("[data-show-keys]") && showKeys());
