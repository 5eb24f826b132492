// LeadHub's behaviours: each module binds itself to data- attributes once, by delegation, so swapped-in fragments work too.
import "./requests.js";
import "./toasts.js";
import "./preferences.js";
import "./clocks.js";
import "./item-keys.js"; // before the keys of rows and of the page: an item's keys are its own
import "./rows.js"; // before the keys of the page: what a row answers to is the row's
import "./keep-place.js";
import "./keys.js";
import "./bulk.js";
import "./palette.js";
import "./panel.js";
import "./live.js";
import "./confirm.js";
import "./guard.js";
import "./autosave.js";
import "./kept-typing.js";
import "./drop.js";
import "./hints.js";
import "./menus.js";
import "./small.js";
import "./day-slider.js";
import "./live-panel.js";
import "./rule-list.js";
import "./rule-menu.js";
import "./rule-place.js";
import "./stepper.js";
import "./values.js";
import "./unsaved-forms.js";
import "./goto-line.js";
import "./insert.js";
import "./chart-loader.js";
