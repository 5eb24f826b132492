// A second press of a form's button does nothing until the answer is there.
const free = (form) => {
  delete form.dataset.busy;
  form.querySelectorAll("[aria-busy]").forEach((button) => { button.removeAttribute("aria-busy"); button.removeAttribute("aria-disabled"); });
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.guard === "off") return;
  if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  form.dataset.busy = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch]") && !form.closest(".htmx-request") && free(form), 0);
  setTimeout(() => free(form), 30000);
}, true);

document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.closest?.("form") && free(event.detail.elt.closest("form")));
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(free));
