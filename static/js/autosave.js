// Forms that save themselves: after a change, or when typing pauses; nothing typed is lost without a word.
import { csrfToken } from "./requests.js";
import { settle } from "./three-way.js";
import { say } from "./words.js";

const timers = new WeakMap();
const saving = new WeakSet(); // one save at a time, so that an older answer never lands after a newer one

function tell(form, word, tone = "") {
  const place = form.querySelector("[data-autosave-status]");
  if (!place) return;
  place.textContent = word;
  place.dataset.tone = tone;
  place.setAttribute("role", "status");
}

export async function save(form) {
  clearTimeout(timers.get(form));
  if (saving.has(form)) return timers.set(form, setTimeout(() => save(form), 100));
  saving.add(form);
  tell(form, say("saving"));
  const typed = form.dataset.unsaved = String(Number(form.dataset.unsaved || 0) + 1);
  const body = new FormData(form);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "X-Autosave": "1" }, credentials: "same-origin" });
    if (answer.redirected && answer.url.includes("sign-in")) return tell(form, say("signedOut"), "late");
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    const trouble = told.stored ? settle(form, body, told) : answer.status === 409 ? await answer.text() : "";
    if (told.kept?.length && trouble) form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
    if (trouble) return tell(form, trouble, "late");
    if (!answer.ok) return tell(form, answer.status === 422 ? say("notSavedWrong") : say("notSaved"), "late");
    if (form.dataset.unsaved === typed) delete form.dataset.unsaved;
    form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
    tell(form, say("savedAt", { time: new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) }));
  } catch {
    tell(form, say("notSavedOffline"), "late");
    timers.set(form, setTimeout(() => save(form), 5000));
  } finally {
    saving.delete(form);
  }
}

function later(event, wait) {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  form.dataset.unsaved = String(Number(form.dataset.unsaved || 0) + 1);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), wait));
}

document.addEventListener("input", (event) => later(event, 900));
document.addEventListener("change", (event) => later(event, 50));
window.addEventListener("beforeunload", (event) => document.querySelector("form[data-unsaved]") && event.preventDefault());
document.addEventListener("submit", (event) => { clearTimeout(timers.get(event.target)); delete event.target.dataset.unsaved; });
document.addEventListener("submit", (event) => { // a draft saves where it stands, whatever sends it
  if (!event.target.matches("form[data-three-way]")) return;
  event.preventDefault();
  save(event.target);
});
