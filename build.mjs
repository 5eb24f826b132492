// Builds the face: static/css + static/js + npm packages → static/dist/. Run: npm ci && node build.mjs
import { build } from "esbuild";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "static/dist");

// What of Bootstrap we use: its grid, form, table and utility rules. The rest of its face never ships.
const UNUSED = /^\.(accordion|alert|badge|breadcrumb|btn-(?!check)|btn\b|bs-|card|carousel|close|collaps|dropdown|dropup|dropend|dropstart|fade|figure|focus-ring|form-range|form-floating|hstack|vstack|vr\b|icon-link|img-|lead\b|link-|list-|modal|nav|offcanvas|page-|pagination|placeholder|popover|progress|ratio|spinner|stretched|table|text-bg|toast|tooltip|tab-|valid-|was-validated \.|initialism|blockquote|display-|btn-check|object-fit|shadow|bg-|border|opacity|link|h[1-6]\b|small\b|mark\b|sticky|fixed|z-|user-select|pe-none|pe-auto|fs-|lh-|font-|offset|order|float|rounded|clearfix|fst-|container|caption|top-|bottom-|start-|end-|translate|text-(primary|secondary|success|info|warning|danger|light|dark|body|black|white|muted|opacity|decoration|bg|reset)|[\w-]*-(sm|xl|xxl)\b(?!.*form))/;

function usedPart(css) {
  const blocks = [];
  for (let i = 0, depth = 0, start = 0; i < css.length; i++) {
    if (css[i] === "{") depth++;
    if (css[i] === "}" && --depth === 0) { blocks.push(css.slice(start, i + 1).trim()); start = i + 1; }
  }
  return blocks.map(usedBlock).join("\n");
}

function usedBlock(block) {
  const open = block.indexOf("{");
  const head = block.slice(0, open).trim();
  if (head.startsWith("@media")) {
    const inner = usedPart(block.slice(open + 1, -1));
    return inner.trim() ? `${head} {\n${inner}\n}` : "";
  }
  if (head.startsWith("@keyframes")) return "";
  const kept = head.split(/,(?![^(]*\))/).map((one) => one.trim()).filter((one) => !UNUSED.test(one) && !/\[data-bs-theme|-bs-theme=/.test(one));
  const body = block.slice(open + 1, -1).split(";\n").filter((line) => !line.includes("url(")).join(";\n");
  return kept.length ? `${kept.join(",\n")} {${body}}` : "";
}

const bootstrapSubset = {
  name: "bootstrap-subset",
  setup(plugin) {
    plugin.onResolve({ filter: /^bootstrap-subset$/ }, () => ({ path: "bootstrap", namespace: "subset" }));
    plugin.onLoad({ filter: /.*/, namespace: "subset" }, () => ({
      contents: usedPart(readFileSync(require.resolve("bootstrap/dist/css/bootstrap.css"), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/@charset[^;]*;/, "")),
      loader: "css",
    }));
  },
};

function sprite() {
  const icons = JSON.parse(readFileSync(join(root, "static/icons.json"), "utf8"));
  const symbol = ([name, source]) => {
    const file = source.includes("/") ? source : `outline/${source}`;
    const svg = readFileSync(require.resolve(`@tabler/icons/${file}.svg`), "utf8").replace(/<!--[\s\S]*?-->/g, "");
    const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").trim();
    const paint = file.startsWith("filled") ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24"><g ${paint}>${inner}</g></symbol>`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg">${Object.entries(icons).map(symbol).join("")}</svg>\n`;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ["static/js/app.js", "static/js/charts.js", "static/css/app.css"],
  entryNames: "[name]",
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome123", "firefox128", "safari17.5"],
  legalComments: "none",
  logLevel: "warning",
  plugins: [bootstrapSubset],
});
writeFileSync(join(dist, "icons.svg"), sprite());
