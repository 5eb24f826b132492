// When what is typed is kept, offered and forgotten: see unsaved.js.
import { MONTH, PREFIX, forget, keep, kept, offer, putBack, timers } from "./unsaved.js";

const SENT = "leadhub-sent"; // the form that was sent last: what is kept of it goes when the answer is another page

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (!form) return;
  clearTimeout(timers.get(form));
  if (!form.querySelector("[data-kept]").hidden) return; // first they say what becomes of what was kept
  timers.set(form, setTimeout(() => form.isConnected && keep(form), 250));
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (!form) return;
  keep(form);
  clearTimeout(timers.get(form));
  sessionStorage.setItem(SENT, form.dataset.keep);
}, true);

document.addEventListener("click", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  const button = form && event.target.closest("[data-kept-restore], [data-kept-drop], [data-keep-drop]");
  if (!button) return;
  const said = kept(form.dataset.keep);
  form.querySelector("[data-kept]").hidden = true;
  clearTimeout(timers.get(form));
  if (button.matches("[data-kept-restore]") && said) return putBack(form, said.typed);
  forget(form.dataset.keep);
});

function saved() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && !document.querySelector(`form[data-keep="${CSS.escape(sent)}"]`)) forget(sent);
}
document.addEventListener("draft-changed", saved);
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && event.detail.elt.parentElement?.querySelectorAll("form[data-keep]").forEach(offer));

saved();
document.querySelectorAll("form[data-keep]").forEach(offer);
Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
  const said = kept(key.slice(PREFIX.length));
  if (!said || Date.now() - said.at > MONTH) localStorage.removeItem(key);
});
