// data-confirm asks before a destructive act; works for forms, buttons, links and htmx alike.
let agreed = null;

function ask(element, go) {
  const dialog = document.getElementById("confirm");
  const { confirm, confirmDetail, confirmVerb } = element.dataset;
  const verb = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("h2").textContent = confirm;
  const detail = dialog.querySelector("[data-confirm-text]");
  detail.textContent = confirmDetail ?? "";
  detail.hidden = !confirmDetail;
  verb.textContent = confirmVerb || element.textContent.trim() || verb.dataset.default;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && go(), { once: true });
  dialog.showModal();
}

const source = (element) => element?.closest("[data-confirm]");

document.addEventListener("submit", (event) => {
  const asks = source(event.submitter) ?? source(event.target);
  if (!asks || agreed === event.target) { agreed = null; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(asks, () => { agreed = event.target; event.target.requestSubmit(event.submitter ?? undefined); });
}, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]:not([hx-post], [hx-delete], [hx-get])");
  if (!link) return;
  event.preventDefault();
  ask(link, () => { location.href = link.href; });
});

document.addEventListener("htmx:confirm", (event) => {
  const asks = event.detail.elt.matches("form") ? null : source(event.detail.elt);
  if (!asks) return;
  event.preventDefault();
  ask(asks, () => event.detail.issueRequest(true));
});
