// Clocks tick without a reload: deadline chips and "in 3 h" words. Times come from the server; only the difference moves.
import { say } from "./words.js";

const MINUTE = 60000;

function spell(minutes) {
  if (minutes < 1) return say("underMinute");
  if (minutes < 60) return say("minutes", { m: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 && hours < 24 ? say("hoursMinutes", { h: hours, m: minutes % 60 }) : say("hours", { h: hours });
  const days = Math.floor(hours / 24);
  if (hours % 24 && days < 7) return say(days === 1 ? "dayHours" : "daysHours", { d: days, h: hours % 24 });
  return inDays(days);
}

const inDays = (days) => say(days === 1 ? "day" : "days", { d: days });

function tickClock(chip, now) {
  const due = Date.parse(chip.dataset.clockDue);
  const opened = Date.parse(chip.dataset.clockOpened);
  if (!due || chip.dataset.clockFixed) return;
  const late = now >= due;
  const share = opened && due > opened ? Math.max(0, Math.min(1, (due - now) / (due - opened))) : 0;
  const minutes = Math.floor(Math.abs(due - now) / MINUTE);
  chip.dataset.state = late ? "late" : share < 0.25 ? "soon" : "good";
  chip.querySelector("[data-clock-text]").textContent = say(late ? "lateBy" : "left", { time: spell(minutes) });
  chip.querySelector("rect")?.setAttribute("width", late ? "100" : (share * 100).toFixed(1));
}

function tickRelative(time, now) {
  const at = Date.parse(time.dateTime);
  if (!at) return;
  const minutes = Math.floor(Math.abs(at - now) / MINUTE);
  const days = Math.floor(minutes / 1440);
  const size = minutes < 60 ? spell(minutes) : days < 2 ? say("hours", { h: Math.floor(minutes / 60) }) : days < 45 ? inDays(days) : say("months", { n: Math.round(days / 30.4) });
  time.textContent = minutes < 1 ? say("justNow") : say(at > now ? "inTime" : "ago", { time: size });
}

// The server says what its "now" was, so a wrong clock on this machine shows right words.
const skew = (() => {
  const served = Date.parse(document.documentElement.dataset.now ?? "");
  return served ? served - Date.now() : 0;
})();

function tick() {
  const now = Date.now() + skew;
  document.querySelectorAll("[data-clock-due]").forEach((chip) => tickClock(chip, now));
  document.querySelectorAll("time[data-relative]").forEach((time) => tickRelative(time, now));
}

setInterval(tick, 15000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
