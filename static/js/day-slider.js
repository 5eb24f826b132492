// The day of a score: slider, date field and the ledger that is shown say the same day.
const DAY = 86_400_000;
const form = () => document.querySelector("[data-day-slider]");
const parts = () => ({ slider: form()?.querySelector('[type="range"]'), field: form()?.querySelector('[type="date"]') });
const midnight = (day) => Date.parse(`${day}T00:00:00Z`);

function tell(slider, day) {
  const words = new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "medium", timeZone: "UTC" });
  slider.setAttribute("aria-valuetext", words.format(midnight(day)));
}

function follow(day) {
  const { slider, field } = parts();
  if (!slider || Number.isNaN(midnight(day))) return;
  slider.value = Math.round((midnight(day) - midnight(slider.dataset.today)) / DAY);
  field.value = day;
  tell(slider, day);
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-day-slider] [type='range']")) return;
  const day = new Date(midnight(target.dataset.today) + target.valueAsNumber * DAY).toISOString().slice(0, 10);
  parts().field.value = day;
  tell(target, day);
});

// A link such as "a week earlier" shows another day without the form. What the form asked for it says already, and a late
// answer must not pull the slider back from where the hand is by now.
document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
  const shown = target.closest?.("[data-shown-day]");
  if (shown && detail.requestConfig?.elt !== form()) follow(shown.dataset.shownDay);
});
