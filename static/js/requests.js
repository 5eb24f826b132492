// htmx: safe settings, the CSRF token on every request, and a sentence for every failure.
import htmx from "htmx.org/dist/htmx.esm.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  disableInheritance: true,
  attributesToSettle: [],
  defaultSettleDelay: 0, // what is swapped in hears events at once, not 20 ms later
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollBehavior: "auto",
  timeout: 30000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
window.htmx = htmx;

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});

function sentence(request) {
  const plain = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
  if (plain && request.status < 500 && request.responseText.length <= 300) return request.responseText;
  const known = { 401: "signedOut", 403: "forbidden", 404: "missing", 409: "conflict", 413: "tooLarge", 429: "tooMany" };
  return say(known[request.status] ?? (request.status >= 500 ? "serverError" : "refused"));
}

document.addEventListener("htmx:responseError", (event) => toast({ text: sentence(event.detail.xhr), tone: "late" }));
document.addEventListener("htmx:sendError", () => toast({ text: say("offline"), tone: "late" }));
document.addEventListener("htmx:timeout", () => toast({ text: say("slow"), tone: "late" }));

// A session that ended answers with the sign-in page: go there instead of putting it into a fragment.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && xhr.getResponseHeader("HX-Redirect") === null && /data-page="sign-in"/.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});
