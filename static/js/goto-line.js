// A press on a problem puts the cursor where it is: data-goto-line and data-goto-column, from 1, of the box that the link names.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-goto-line]");
  const box = link && document.querySelector(link.getAttribute("href"));
  if (!box) return;
  event.preventDefault();
  const lines = box.value.split("\n");
  const line = Math.min(Number(link.dataset.gotoLine), lines.length);
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const column = Math.min(Number(link.dataset.gotoColumn ?? 1) - 1, lines[line - 1].length);
  box.focus();
  box.setSelectionRange(before + column, before + lines[line - 1].length);
  const height = parseFloat(getComputedStyle(box).lineHeight);
  box.scrollTop = Math.max(0, (line - 1) * height - box.clientHeight / 3);
  box.scrollLeft = 0;
});
