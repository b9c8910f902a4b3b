// From finding to finding, by key or by a press in the list.

import { close, openByKey } from "./card.js";
import { stops } from "./findings.js";
import { spanAt, spanOf } from "./marks.js";
import { areaOf, cardOf, stateOf, theEditor, unfold } from "./parts.js";
import { unit } from "./text.js";

const HEAD = 60; // Pixels at the top and the foot of the window that bars may cover.
const FOOT = 160;

export function next(editor, step = 1) {
  const area = areaOf(editor);
  const all = stops(editor);
  if (!all.length) return;
  const isHere = document.activeElement === area || stateOf(editor).stop;
  const at = isHere ? area.selectionStart : step > 0 ? -1 : Infinity;
  const further = step > 0 ? all.find(({ from }) => from > at) : all.findLast(({ from }) => from < at);
  go(editor, further ?? all.at(step > 0 ? 0 : -1));
}

// To the words that a row of a list is about; they may stand elsewhere by now.
export function goTo(editor, row) {
  const { value } = areaOf(editor);
  const { from: point, to: last, text } = row.dataset;
  let [from, to] = [unit(value, +point), unit(value, +last)];
  if (value.slice(from, to) !== text) [from, to] = [value.indexOf(text), value.indexOf(text) + text.length];
  if (from >= 0 && to > from) go(editor, { row, from, to });
}

// Selects a finding's words and says what there is to say of them.
function go(editor, { row, from, to }) {
  const area = areaOf(editor);
  unfold(editor);
  // On a phone the copy may be in the pane that is not shown.
  if (!area.offsetParent) location.hash = "#pane-copy";
  stateOf(editor).stop = { from, to };
  area.focus({ preventScroll: true });
  area.setSelectionRange(from, to);
  const span = spanOf(editor, row.dataset.mark) ?? spanAt(editor, from + 1);
  if (span) {
    const box = span.getBoundingClientRect();
    if (box.top < HEAD || box.bottom > innerHeight - FOOT) span.scrollIntoView({ block: "center" });
    openByKey(editor, span);
  }
  document.getElementById("standing-said").textContent = (row.querySelector(".finding__reason") ?? row).textContent.trim();
}

document.addEventListener("keydown", (event) => {
  const editor = theEditor();
  if (!editor || event.isComposing) return;
  if (event.key === "F8" || (event.altKey && (event.code === "Period" || event.code === "Comma"))) {
    event.preventDefault();
    next(editor, event.shiftKey || event.code === "Comma" ? -1 : 1);
  } else if (event.key === "Escape" && !cardOf(editor).hidden) {
    event.preventDefault();
    close(editor);
  }
});
