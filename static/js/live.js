// Lists that others change too: asks now and then whether something changed, and says so to the page; silent while hidden or offline.
const EVERY = 10000;
let asking = false;

async function ask() {
  const list = document.querySelector("[data-live]");
  if (!list || document.hidden || asking) return;
  asking = true;
  try {
    const answer = await fetch(list.dataset.live, { credentials: "same-origin", redirect: "manual" });
    if (answer.status === 200 && list.isConnected) document.body.dispatchEvent(new CustomEvent("handoffs-changed", { bubbles: true }));
  } catch { /* the next one may be luckier */ } finally {
    asking = false;
  }
}

setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
document.addEventListener("live:ask", ask);
