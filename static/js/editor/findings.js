// The list of findings: its rows, their places in the text, and what somebody began to write there.

import { areaOf, stateOf } from "./parts.js";
import { unit } from "./text.js";

const within = (selector) => [...document.querySelectorAll(`#findings ${selector}`)];

export const rowOf = (mark) => within(`[data-mark="${mark}"]`)[0] ?? null;
export const safeRows = () => within("[data-safe]");

// Those with a place in the text, in its order.
export function stops(editor) {
  const { value } = areaOf(editor);
  return within("[data-mark]")
    .map((row) => ({ row, from: unit(value, +row.dataset.from), to: unit(value, +row.dataset.to) }))
    .filter(({ from, to }) => to > from)
    .sort((one, other) => one.from - other.from || one.to - other.to);
}

// Somebody who writes down a reason there is not interrupted: the list is brought up to date when they are done.
export function isWrittenIn(place) {
  return place?.id === "findings" && place.contains(document.activeElement) && document.activeElement.matches("textarea, input");
}

// What was opened or typed there, by the finding that it belongs to.
export function hold(editor) {
  const held = [];
  const rows = within("[data-seen]");
  const known = new Set(rows.map((row) => row.dataset.seen));
  for (const row of rows) {
    const { seen, says } = row.dataset;
    const fields = [...row.querySelectorAll("textarea")].map((field) => field.value);
    const isOpen = row.querySelector("details[open]") !== null;
    if (isOpen || fields.some(Boolean)) held.push({ seen, says, known, fields, isOpen });
  }
  stateOf(editor).held = held;
}

export function giveBack(editor) {
  for (const { seen, says, known, fields, isOpen } of stateOf(editor).held ?? []) {
    // Where its sentence was written on, it is the one that says the same and was not there before.
    const row =
      within(`[data-seen="${seen}"]`)[0] ??
      within(`[data-says="${says}"]`).find((one) => !known.has(one.dataset.seen));
    if (!row) continue;
    row.querySelectorAll("textarea").forEach((field, number) => (field.value = fields[number] ?? ""));
    row.querySelectorAll("details").forEach((details) => (details.open = isOpen));
  }
}
