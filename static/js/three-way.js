// form[data-three-way]: every field knows what this page saw of it (a hidden initial-NAME), so nobody's newer answer is lost.
import { say } from "./words.js";

const plain = (text) => (text ?? "").replaceAll("\r\n", "\n");
const seenOf = (form, name) => form.elements[`initial-${name}`];
export const names = (form) => [...form.elements].filter((one) => one.name.startsWith("initial-")).map((one) => one.name.slice(8));
export const isDirty = (form, name) => plain(form.elements[name]?.value) !== plain(seenOf(form, name)?.value);

export function put(form, name, value, seen) {
  if (!form.elements[name] || !seenOf(form, name)) return;
  form.elements[name].value = plain(value);
  seenOf(form, name).value = seen;
}

const itemOf = (form, name) => (form.elements[name].length && !form.elements[name].options ? form.elements[name][0] : form.elements[name]).closest("fieldset.bant-item, [data-asks]");

function ask(form, name, sentence, stored) { // both answers are there: the person says which one stands
  const place = itemOf(form, name)?.querySelector("[data-theirs]");
  if (!place || place.dataset.name === name) return;
  const button = (word, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: say(word) });
    made.addEventListener("click", () => {
      act();
      delete place.dataset.name;
      place.hidden = true;
      form.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return made;
  };
  place.dataset.name = name;
  place.replaceChildren(`${sentence} `, button("takeTheirs", () => put(form, name, stored, stored)), " ", button("keepMine", () => { seenOf(form, name).value = stored; }));
  place.hidden = false;
}

/** Bring the form up to date with what the server says after a save; `sent` is what went there. Returns what is wrong, in words. */
export function settle(form, sent, answer) {
  for (const [name, stored] of Object.entries(answer.stored ?? {})) {
    if (!form.elements[name] || !seenOf(form, name)) continue;
    if (answer.contested?.[name]) { ask(form, name, answer.contested[name], stored); continue; }
    if (answer.wrong?.[name]) continue;
    const typedOn = plain(form.elements[name].value) !== plain(sent.get(name)); // since it went out
    if (typedOn) { if (answer.kept.includes(name)) seenOf(form, name).value = sent.get(name); continue; }
    if (answer.kept.includes(name)) { seenOf(form, name).value = sent.get(name); itemOf(form, name)?.querySelector("[data-said]")?.replaceChildren(say("justNow")); continue; }
    if (plain(stored) !== plain(seenOf(form, name).value) && !isDirty(form, name)) put(form, name, stored, stored); // somebody else's, seen now
  }
  const wrong = Object.values(answer.wrong ?? {}).join(" ");
  return wrong || (Object.keys(answer.contested ?? {}).length ? say("notSavedContested") : "");
}
