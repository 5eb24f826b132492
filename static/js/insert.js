// Words put in at the cursor: data-insert="text" data-insert-into="#BOX"; data-insert-back="4" leaves the cursor so far before their end.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const box = button && document.querySelector(button.dataset.insertInto);
  if (!box) return;
  button.closest("[popover]")?.hidePopover();
  const at = box.selectionStart;
  box.focus();
  box.setRangeText(button.dataset.insert, at, box.selectionEnd, "end");
  const back = Number(button.dataset.insertBack ?? 0);
  box.setSelectionRange(box.selectionStart - back, box.selectionStart - back);
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
