// What is typed into form[data-keep] stays in this browser until it is saved, and is offered when the form opens again.
const PREFIX = "leadhub-unsaved:";
const MONTH = 30 * 24 * 3600 * 1000;
const LEFT_OUT = ["csrfmiddlewaretoken", "seen", "slot", "axis", "key"];
const timers = new WeakMap();

const typed = (form) => [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.includes(name) && typeof value === "string");
const forget = (key) => localStorage.removeItem(PREFIX + key);
function kept(key) {
  try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
}

function keep(form) {
  const said = { at: Date.now(), mark: form.dataset.keepMark, typed: typed(form) };
  try { localStorage.setItem(PREFIX + form.dataset.keep, JSON.stringify(said)); } catch { /* full or forbidden: nothing is kept */ }
}

function rowsFor(form, count) { // as many rows of conditions as were typed
  const rows = [...form.querySelectorAll(".condition-row")];
  for (let n = rows.length; n < count && rows.length; n++) {
    const row = rows.at(-1).cloneNode(true);
    row.querySelector('[name="remove"]').value = String(n);
    form.querySelector("[data-condition-rows]").append(row);
  }
}

function putBack(form, entries) {
  const values = new Map();
  entries.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
  rowsFor(form, values.get("field")?.length ?? 0);
  const at = {};
  form.querySelectorAll("input[name], select[name], textarea[name]").forEach((field) => {
    if (LEFT_OUT.includes(field.name) || field.type === "file") return;
    const said = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") { field.checked = said.includes(field.value); return; }
    const next = at[field.name] = (at[field.name] ?? -1) + 1;
    field.value = said[next] ?? (field.tagName === "SELECT" ? field.value : "");
  });
  form.querySelector('[name="name"]')?.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(form) {
  const said = kept(form.dataset.keep);
  const bar = form.querySelector("[data-kept]");
  if (!bar || !said || form.dataset.keepBound || JSON.stringify(said.typed) === JSON.stringify(typed(form))) return;
  bar.querySelector("[data-kept-at]").textContent = new Date(said.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  bar.querySelector("[data-kept-moved]").hidden = said.mark === form.dataset.keepMark;
  bar.hidden = false;
}

export { MONTH, PREFIX, forget, keep, kept, offer, putBack, timers };
