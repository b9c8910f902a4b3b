// Fixes go into the textarea as if they were typed, so that the browser's own undo knows them too.

import { ask } from "./asking.js";
import { close } from "./card.js";
import { areaOf, isCoarse, stateOf, unfold } from "./parts.js";
import { difference, fixed, unit } from "./text.js";

function put(editor, from, to, text) {
  const area = areaOf(editor);
  const wanted = area.value.slice(0, from) + text + area.value.slice(to);
  const state = stateOf(editor);
  state.fixing = true;
  // A phone would open its keyboard for a textarea that has the focus.
  if (!isCoarse() || document.activeElement === area) {
    area.focus({ preventScroll: true });
    area.setSelectionRange(from, to);
    if (text) document.execCommand("insertText", false, text);
    else document.execCommand("delete");
  }
  if (area.value !== wanted) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  state.fixing = false;
}

// The whole of it as one step: what the two texts share stays untouched.
function become(editor, text) {
  const { value } = areaOf(editor);
  if (value === text) return;
  const { low, high, put: middle } = difference(value, text);
  put(editor, low, high, middle);
}

// The fixes of rows whose words still stand where they stood when they were checked.
function fitting(editor, rows) {
  const { value } = areaOf(editor);
  return rows
    .filter((row) => "put" in row.dataset)
    .map((row) => ({
      from: unit(value, +row.dataset.from),
      to: unit(value, +row.dataset.to),
      text: row.dataset.text,
      put: row.dataset.put,
    }))
    .filter(({ from, to, text }) => to > from && value.slice(from, to) === text);
}

export function mend(editor, rows) {
  const fixes = fitting(editor, rows);
  const before = areaOf(editor).value;
  if (!fixes.length) return ask(editor, 0);
  unfold(editor);
  become(editor, fixed(before, fixes));
  stateOf(editor).undo = before;
  showUndo(editor);
  close(editor);
}

export function undo(editor) {
  const { undo: before } = stateOf(editor);
  forget(editor);
  if (before !== null) become(editor, before);
}

export function forget(editor) {
  stateOf(editor).undo = null;
  showUndo(editor);
}

// At the head of the list, and beside the buttons below the text: on a phone only one of them is in sight.
export function showUndo(editor) {
  const inList = document.querySelector("#findings [data-undo]");
  const line = document.getElementById("standing");
  const isOffered = stateOf(editor).undo !== null;
  let below = line.parentElement.querySelector("[data-undo]");
  if (isOffered && inList && !below) {
    below = inList.cloneNode(true);
    below.classList.remove("button--small");
    line.before(below);
  }
  for (const button of [inList, below]) {
    if (!button) continue;
    if (!isOffered && button === document.activeElement) areaOf(editor).focus({ preventScroll: true });
    button.hidden = !isOffered;
  }
  if (!isOffered) below?.remove();
}
