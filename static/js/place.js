// Puts a floating card beside what opened it, inside the window. Cards live in the top layer (popover).
const GAP = 6;

export function place(card, anchor, { align = "start" } = {}) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = box.bottom + GAP + height <= innerHeight || box.top < height + GAP;
  const wanted = align === "end" ? box.right - width : align === "center" ? box.left + (box.width - width) / 2 : box.left;
  card.style.left = `${Math.max(8, Math.min(wanted, innerWidth - width - 8))}px`;
  card.style.top = `${Math.max(8, below ? box.bottom + GAP : box.top - height - GAP)}px`;
}
