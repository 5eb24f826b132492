// Theme, density and navigation: set on <html> at once, remembered in a cookie that the server reads (no flash).
const root = document.documentElement;

export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = value ? 31536000 : 0;
  document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

function set(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  remember(name, value);
  show();
  document.dispatchEvent(new CustomEvent("lh:preference", { detail: { name, value } }));
}

function show() {
  const theme = root.dataset.theme ?? "system";
  document.querySelectorAll("[data-theme-set]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.themeSet === theme)));
  document.querySelectorAll("[data-density-toggle]").forEach((one) => one.setAttribute("aria-pressed", String(root.dataset.density === "compact")));
  document.querySelectorAll("[data-nav-toggle]").forEach((one) => one.setAttribute("aria-expanded", String(root.dataset.nav !== "collapsed")));
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-set]");
  if (theme) set("theme", theme.dataset.themeSet === "system" ? "" : theme.dataset.themeSet);
  if (event.target.closest("[data-density-toggle]")) set("density", root.dataset.density === "compact" ? "" : "compact");
  if (event.target.closest("[data-nav-toggle]")) set("nav", root.dataset.nav === "collapsed" ? "" : "collapsed");
});
document.addEventListener("htmx:load", show);
show();
