// The rules of a draft under the hand: dragged by the grip or moved by Alt and arrows; menu buttons say what is done.
const form = () => document.getElementById("rule-act");
const field = (name) => form().querySelector(`input[name="${name}"]`);
let dragged = null;
let home = null; // where it stood: [list, what came after it]

function act(what, { group = "", before = "" } = {}) {
  field("do").value = what;
  field("group").value = group;
  field("before").value = before;
  form().requestSubmit();
}

// A form does not tell htmx about buttons that stand outside of it.
document.addEventListener("click", (event) => {
  const button = event.target.closest('button[form="rule-act"]');
  if (button) { event.preventDefault(); act(button.value); }
});

document.addEventListener("keydown", (event) => {
  const grip = event.altKey && event.target.closest?.("[data-grip]");
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!grip || !way) return;
  event.preventDefault();
  act(`${way}:${grip.closest("[data-rule]").dataset.rule}`);
});

function listUnder(event) {
  const list = dragged && event.target.closest?.(".rule-group")?.querySelector("[data-group]");
  return list?.dataset.axis === home?.[0].dataset.axis ? list : null;
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-grip]")?.closest("[data-rule]") ?? null;
  if (!dragged) return;
  home = [dragged.parentElement, dragged.nextElementSibling];
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.rule);
  event.dataTransfer.setDragImage(dragged, 12, 12);
});
document.addEventListener("dragover", (event) => {
  const list = listUnder(event);
  if (!list) return;
  event.preventDefault();
  const after = [...list.children].find((one) => one !== dragged && event.clientY < one.getBoundingClientRect().top + one.offsetHeight / 2);
  dragged.dataset.dragged = "";
  if (dragged.parentElement !== list || dragged.nextElementSibling !== (after ?? null)) list.insertBefore(dragged, after ?? null);
});
document.addEventListener("drop", (event) => {
  const list = listUnder(event);
  if (!list) return;
  event.preventDefault();
  if (dragged.parentElement !== home[0] || dragged.nextElementSibling !== home[1]) act(`put:${dragged.dataset.rule}`, { group: list.dataset.group, before: dragged.nextElementSibling?.dataset.rule });
  home = null;
});
document.addEventListener("dragend", () => {
  if (dragged && home) home[0].insertBefore(dragged, home[1]); // dropped nowhere: back home
  delete dragged?.dataset.dragged;
  dragged = home = null;
});
