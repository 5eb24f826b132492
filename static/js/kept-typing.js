// A card that is swapped while something typed is not saved yet: it is sent at once, and put back into the fresh form.
import { save } from "./autosave.js";
import { isDirty, names, put } from "./three-way.js";

const waiting = new Map(); // by the form's id: what was typed, and what the page had seen of it
const within = (place) => [...(place?.querySelectorAll?.("form[data-three-way]") ?? [])];

function rowsOf(form) {
  return names(form).filter((name) => isDirty(form, name)).map((name) => [name, form.elements[name].value, form.elements[`initial-${name}`].value]);
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap) return;
  for (const form of within(detail.target)) {
    const typed = rowsOf(form);
    const focused = form.contains(document.activeElement) ? document.activeElement : null;
    if (typed.length || focused) waiting.set(form.id, { typed, focus: focused?.id, at: focused?.selectionStart });
    if (typed.length) save(form);
  }
});

document.addEventListener("htmx:afterSettle", () => {
  for (const [id, { typed, focus, at }] of waiting) {
    const form = document.getElementById(id);
    waiting.delete(id);
    if (!form) continue;
    typed.forEach(([name, value, seen]) => put(form, name, value, seen));
    const field = focus && document.getElementById(focus);
    if (field && document.activeElement === document.body) {
      field.focus({ preventScroll: true });
      if (Number.isInteger(at)) field.setSelectionRange?.(at, at);
    }
    if (typed.length) save(form);
  }
});
