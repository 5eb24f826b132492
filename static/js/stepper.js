// A number between two buttons: each press is one more or one less, told to whoever listens as if it were typed.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  const input = button?.closest(".stepper")?.querySelector("input");
  if (!input || input.disabled) return;
  const next = Math.round((Number(input.value || 0) + Number(button.dataset.step)) * 100) / 100;
  const { min, max } = input;
  input.value = String(Math.max(min === "" ? -Infinity : Number(min), Math.min(max === "" ? Infinity : Number(max), next)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
