// Values that really occur, under a condition: which row asks, a press puts one in, going on to another row puts them away.
const lists = (row) => ["in", "not_in"].includes(row.querySelector('[name="op"]').value);

// The server is told which of the rows asks, and what is being typed there.
document.addEventListener("htmx:configRequest", (event) => {
  const row = event.detail.elt.matches?.("[data-values]") && event.detail.elt.closest(".condition-row");
  if (!row) return;
  const value = row.querySelector('[name="value"]').value;
  const { parameters } = event.detail;
  const types = parameters.types ?? [];
  Object.keys(parameters).forEach((name) => delete parameters[name]);
  Object.assign(parameters, { wanted: row.querySelector('[name="field"]').value, typed: lists(row) ? value.split(",").pop() : value, types });
});

document.addEventListener("click", (event) => {
  const hint = event.target.closest("[data-value]");
  const row = hint?.closest(".condition-row");
  if (!row) return;
  const field = row.querySelector('[name="value"]');
  const value = hint.dataset.value;
  const listed = /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const before = field.value.split(",").slice(0, -1).map((one) => one.trim()).filter(Boolean);
  field.value = lists(row) ? `${[...before, listed].join(", ")}, ` : value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches?.('.condition-row [name="field"]')) return;
  event.target.closest(".condition-row").querySelector("[data-values]")?.dispatchEvent(new Event("values-wanted"));
});

document.addEventListener("focusin", (event) => {
  const here = event.target.closest?.(".condition-row");
  if (here) document.querySelectorAll(".condition-values").forEach((one) => here.contains(one) || one.replaceChildren());
});
