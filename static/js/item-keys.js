// The items of a qualification under the keyboard: y p n u answer, b goes to the next one, arrows move between answers, Enter saves.
import { save } from "./autosave.js";

const ANSWERS = { y: "yes", p: "partly", n: "no", u: "unknown" };
const writes = (target) => target.matches("textarea, select, input:not([type=radio])");

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("fieldset.bant-item");
  if (!item || event.isComposing || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && (event.ctrlKey || !event.target.matches("textarea, select, summary, button, a"))) {
    event.preventDefault();
    return save(item.form);
  }
  if (event.ctrlKey || writes(event.target)) return;
  if (event.key === "b") {
    const next = item.nextElementSibling?.closest("fieldset.bant-item") ?? item.form.querySelector("fieldset.bant-item");
    event.preventDefault();
    return (next.querySelector("input[type=radio]:checked") ?? next.querySelector("input[type=radio]")).focus();
  }
  if (!(event.key in ANSWERS)) return;
  const answer = item.querySelector(`input[type=radio][value=${ANSWERS[event.key]}]`);
  event.preventDefault();
  answer.checked = true;
  answer.focus();
  answer.dispatchEvent(new Event("change", { bubbles: true }));
});
