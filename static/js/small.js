// Small behaviours of one line each: copy, submit on change, retry, close the nearest dialog.
import { toast } from "./toasts.js";
import { say } from "./words.js";

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    toast({ text: say("copied") });
  }
  if (event.target.closest("[data-reload]")) location.reload();
  if (event.target.closest("[data-print]")) print();
  const close = event.target.closest("[data-dialog-close]");
  if (close) close.closest("dialog").close();
  if (event.target.matches("dialog")) event.target.close();
  const opens = event.target.closest("[data-dialog]");
  if (opens) document.getElementById(opens.dataset.dialog)?.showModal();
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit-on-change]")) event.target.form?.requestSubmit();
});

// The drawer of the phone takes the focus when it opens.
document.addEventListener("click", (event) => {
  if (event.target.closest('.bar-bottom a[href="#nav"]')) setTimeout(() => document.querySelector("#nav a")?.focus(), 160);
});

// Tabs that swap by htmx mark where one is; a form that came back wrong shows its summary first.
document.addEventListener("htmx:beforeRequest", (event) => {
  const tab = event.target.closest?.(".tabs a");
  tab?.parentElement.querySelectorAll("[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
  tab?.setAttribute("aria-current", "page");
});
const showErrors = (root) => document.body.matches(".guide") || root.querySelector?.(".error-summary")?.focus();
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && showErrors(event.detail.elt));
showErrors(document);
