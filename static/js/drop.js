// A file field becomes a drop zone that says what was chosen.
import { say } from "./words.js";

function size(bytes) {
  if (bytes < 1000) return say("bytes", { n: bytes });
  return bytes < 1e6 ? say("kilobytes", { n: Math.round(bytes / 1000) }) : say("megabytes", { n: (bytes / 1e6).toFixed(1) });
}

function show(input) {
  const file = input.files[0];
  const zone = input.closest(".drop");
  zone.querySelector(".drop-name").textContent = file ? file.name : say("dropHere");
  zone.querySelector(".drop-size").textContent = file ? size(file.size) : say("orChoose");
}

function dress(input) {
  if (input.closest(".drop")) return;
  const zone = document.getElementById("drop-template").content.firstElementChild.cloneNode(true);
  zone.htmlFor = input.id;
  input.before(zone);
  zone.append(input);
  show(input);
  input.addEventListener("change", () => show(input));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.dataset.over = ""; });
  zone.addEventListener("dragleave", () => delete zone.dataset.over);
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

const dressAll = (root) => root.querySelectorAll("input[type=file][data-drop], form[data-drop] input[type=file]").forEach(dress);
document.addEventListener("htmx:load", (event) => dressAll(event.detail.elt));
dressAll(document);
