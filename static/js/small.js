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

// A row of the lead list fades in place after it changed.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href="#main"].nav-shade, .bar-bottom a[href="#nav"]');
  if (link?.matches(".bar-bottom a")) setTimeout(() => document.querySelector("#nav a")?.focus(), 160);
});
