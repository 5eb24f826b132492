// Words that scripts say, translated by the server: <div id="words" data-saved="Saved" …>.
const source = () => document.getElementById("words")?.dataset ?? {};

export function say(name, values = {}) {
  const text = source()[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}
