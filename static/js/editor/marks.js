// The marks beneath the textarea: they hold the same text at every moment, and tell what lies at a place of it.

import { areaOf, marksOf } from "./parts.js";
import { difference, sentenceAround } from "./text.js";

const ANY = "[data-claim], [data-mark]";

// Where a unit of the text lies in the marks; at a seam, the end of what comes before it or the start of what comes after.
function spot(marks, at, isAfter = false) {
  const walker = document.createTreeWalker(marks, NodeFilter.SHOW_TEXT);
  let left = at;
  let node = null;
  while (walker.nextNode()) {
    node = walker.currentNode;
    if (left < node.length || (left === node.length && !isAfter)) return { node, offset: left };
    left -= node.length;
  }
  return { node: node ?? marks.appendChild(document.createTextNode("")), offset: node?.length ?? 0 };
}

// What stands beside an edit keeps its mark and moves along with the words, what was edited itself fades until the answer
// comes.
export function follow(editor) {
  const marks = marksOf(editor);
  const before = marks.textContent;
  const after = areaOf(editor).value;
  if (before === after) return;
  const { low, high, put } = difference(before, after);
  const start = spot(marks, low, high > low);
  const range = document.createRange();
  range.setStart(start.node, start.offset);
  if (high > low) {
    const end = spot(marks, high);
    range.setEnd(end.node, end.offset);
    for (const mark of marks.querySelectorAll(ANY)) {
      if (range.intersectsNode(mark)) mark.classList.add("is-stale");
    }
    range.deleteContents();
  }
  if (!put) return;
  let place = start.node;
  if (high > low || start.offset < place.length) {
    place.insertData(start.offset, put);
    for (let one = place.parentElement; one !== marks; one = one.parentElement) one.classList.add("is-stale");
  } else {
    // At a seam nobody's mark grows.
    while (place.parentNode !== marks && place.parentNode.lastChild === place) place = place.parentNode;
    place.after(document.createTextNode(put));
  }
}

const claimAt = (span) => span?.closest("[data-claim]:not(.is-stale)") ?? null;
const markAt = (span) => span?.closest("[data-mark]:not(.is-stale)") ?? null;

// What a mark is about: its sentence in the ledger, and its findings.
export const claimOf = (span) => claimAt(span)?.dataset.claim ?? "";
export const findingsOf = (span) => (markAt(span)?.dataset.mark ?? "").split(" ").filter(Boolean);
export const keyOf = (span) => `${markAt(span)?.dataset.mark ?? ""}|${claimOf(span)}`;

export const spanOf = (editor, mark) =>
  [...marksOf(editor).querySelectorAll("[data-mark]")].find((one) => one.dataset.mark.split(" ").includes(mark)) ?? null;

export function lift(editor, span) {
  const claim = claimAt(span);
  for (const one of marksOf(editor).querySelectorAll("[data-claim]")) one.classList.toggle("is-current", one === claim);
}

// What the caret stands in, if the textarea has the focus.
export function under(editor) {
  const area = areaOf(editor);
  if (document.activeElement !== area || area.selectionStart !== area.selectionEnd) return null;
  return spanAt(editor, area.selectionStart);
}

// The mark at a place of the text.
export function spanAt(editor, at) {
  let span = null;
  let start = 0;
  const walker = document.createTreeWalker(marksOf(editor), NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && start <= at) {
    const node = walker.currentNode;
    if (node.length && at <= start + node.length) {
      const found = node.parentElement.closest(ANY);
      // At a seam the one with a finding is meant.
      if (found && (!span || found.matches("[data-mark]"))) span = found;
    }
    start += node.length;
  }
  return span;
}

// Where the sentence around a mark lies in the window: as the ledger cut it, and as its marks end it where no claim is drawn.
export function sentenceBox(editor, span) {
  const marks = marksOf(editor);
  const range = document.createRange();
  range.setStart(marks, 0);
  range.setEnd(span, 0);
  const at = range.toString().length;
  const [first, last] = sentenceAround(marks.textContent, at, at + span.textContent.length);
  const [from, to] = [spot(marks, first, true), spot(marks, last)];
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  const boxes = [range, claimAt(span) ?? span].flatMap((one) => [...one.getClientRects()]).filter(({ width }) => width);
  return {
    top: Math.min(...boxes.map((one) => one.top)),
    bottom: Math.max(...boxes.map((one) => one.bottom)),
    left: span.getClientRects()[0].left,
    line: boxes[0].height,
  };
}

export function pointed(editor, x, y) {
  const marks = marksOf(editor);
  const found = document.elementsFromPoint(x, y).find((one) => marks.contains(one) && one !== marks);
  return found?.closest(ANY) ?? null;
}
