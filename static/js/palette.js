// Ctrl K: one field that finds leads, pages and actions; arrows move, Enter opens.
import htmx from "htmx.org/dist/htmx.esm.js";

const dialog = () => document.getElementById("palette");
const field = () => dialog()?.querySelector("input"); // signed-out pages have no palette
const list = () => dialog().querySelector("[role=listbox]");
const options = () => [...list().querySelectorAll("[role=option]")].filter((one) => !one.hidden);

function open() {
  if (!dialog() || dialog().open) return;
  field().value = "";
  pages("");
  dialog().showModal();
}

function choose(step) {
  const all = options();
  const at = all.findIndex((one) => one.ariaSelected === "true");
  const next = all[(at + step + all.length) % all.length];
  all.forEach((one, index) => { one.id ||= `palette-${index}-${Date.now()}`; one.ariaSelected = String(one === next); });
  next?.scrollIntoView({ block: "nearest" });
  if (next) field().setAttribute("aria-activedescendant", next.id);
  else field().removeAttribute("aria-activedescendant");
}

// Pages of the navigation are found here, without asking the server.
function pages(query) {
  const words = query.trim().toLowerCase();
  const found = [...document.querySelectorAll("#nav .nav-item")].filter((item) => !words || item.textContent.toLowerCase().includes(words));
  list().replaceChildren(...found.slice(0, 8).map((item) => {
    const row = Object.assign(document.createElement("li"), { role: "option" });
    const link = Object.assign(document.createElement("a"), { href: item.href, tabIndex: -1 });
    link.append(item.querySelector("svg").cloneNode(true), item.querySelector("[data-nav-text]").textContent);
    row.append(link);
    return row;
  }));
  choose(1);
}

let timer = 0;
document.addEventListener("input", (event) => {
  if (!field() || event.target !== field()) return;
  pages(field().value);
  clearTimeout(timer);
  const url = dialog().dataset.search;
  if (url && field().value.trim().length > 1) timer = setTimeout(() => htmx.ajax("GET", `${url}?q=${encodeURIComponent(field().value)}`, { target: list(), swap: "beforeend" }), 150);
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); return open(); }
  if (!field() || event.target !== field()) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : -1); }
  if (event.key === "Enter") { event.preventDefault(); list().querySelector('[aria-selected="true"] a')?.click(); }
});
document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());
