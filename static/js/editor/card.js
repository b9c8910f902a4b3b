// The card: what carries a sentence, or why a check objects, and the button that mends it.

import { rowOf } from "./findings.js";
import { claimOf, findingsOf, keyOf, lift, sentenceBox, under } from "./marks.js";
import { areaOf, cancel, cardOf, isCoarse, isNarrow, later, stateOf } from "./parts.js";

const LINGERS = 250; // Milliseconds before it closes, so that a hand can reach it.
const GAP = 6;
const KEYBOARD = 120; // Pixels that nothing but a phone's keyboard covers.

const noteOf = (span) => {
  const claim = claimOf(span);
  return claim ? document.querySelector(`#claim-notes [data-note="${claim}"]`) : null;
};

export function open(editor, span) {
  const card = cardOf(editor);
  const note = noteOf(span);
  const rows = findingsOf(span).map(rowOf).filter(Boolean);
  if (!note && !rows.length) return close(editor);
  cancel(editor, "close");
  cancel(editor, "open");
  card.replaceChildren(...rows.map(objection), ...(note ? [evidence(note)] : []));
  card.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
  card.hidden = false;
  card.dataset.key = keyOf(span);
  settle(editor, span);
  light(editor, span);
}

function objection(row) {
  const part = document.createElement("div");
  part.className = row.className;
  for (const name of ["mark", "from", "to", "text", "put"]) {
    if (name in row.dataset) part.dataset[name] = row.dataset[name];
  }
  for (const child of row.children) part.append(child.cloneNode(true));
  // To let it stand, or to take that back, is for the list: here is only what it is about.
  part.querySelectorAll(".waiver, .waived :is(form, button), .finding__hint").forEach((one) => one.remove());
  // The way to the rule leads off the page: whoever writes goes from the card to what mends it.
  part.querySelectorAll(".finding__rule a").forEach((one) => one.replaceWith(...one.childNodes));
  return part;
}

function evidence(note) {
  const part = document.createElement("div");
  part.className = `editor__note editor__note--${note.dataset.verdict}`;
  part.lang = note.lang;
  for (const child of note.childNodes) part.append(child.cloneNode(true));
  return part;
}

// Above the sentence that it is about, so that one can read on, or under it where there is no room; on a narrow page under
// the line that follows, and on a phone a strip at the foot. It never covers the sentence.
function settle(editor, span) {
  const card = cardOf(editor);
  const { top, bottom, left, line } = sentenceBox(editor, span);
  if (isCoarse()) {
    card.removeAttribute("style");
    aboveKeyboard(card);
    return showAbove(card, top, bottom);
  }
  const box = editor.getBoundingClientRect();
  const below = bottom + (isNarrow() ? line : 0) + GAP;
  const above = top - GAP - card.offsetHeight;
  const isAbove = above > 0 && (!isNarrow() || below + card.offsetHeight > innerHeight - KEYBOARD);
  card.style.insetBlockStart = `${(isAbove ? above : below) - box.top}px`;
  const most = box.width - card.offsetWidth;
  card.style.insetInlineStart = `${Math.max(0, Math.min(left - box.left, most))}px`;
  if (stateOf(editor).byKey && !isAbove) card.scrollIntoView({ block: "nearest" });
}

// Of a sentence that is taller than what the strip leaves free, the beginning stays in sight.
function showAbove(card, top, bottom) {
  const hidden = bottom + GAP - card.getBoundingClientRect().top;
  if (hidden > 0) scrollBy({ top: Math.max(0, Math.min(hidden, top - GAP)) });
}

function aboveKeyboard(card) {
  const view = window.visualViewport;
  const covered = view ? innerHeight - view.height - view.offsetTop : 0;
  if (covered > KEYBOARD) card.style.insetBlockEnd = `${covered}px`;
}

export function close(editor) {
  const card = cardOf(editor);
  cancel(editor, "open");
  cancel(editor, "close");
  if (!card || card.hidden) return;
  if (card.contains(document.activeElement)) areaOf(editor).focus({ preventScroll: true });
  card.hidden = true;
  card.replaceChildren();
  light(editor);
}

export const leave = (editor) => later(editor, "close", LINGERS, () => close(editor));

// One that a key has opened stays until somebody moves on from it.
export function openByKey(editor, span) {
  stateOf(editor).byKey = true;
  open(editor, span);
}

// The sentence in hand, and its passages in the other pane, stand out a little.
export function light(editor, span = under(editor)) {
  lift(editor, span);
  const links = noteOf(span)?.querySelectorAll("a[href^='#source-']") ?? [];
  const cited = new Set([...links].map((link) => link.hash.slice(1)));
  for (const one of document.querySelectorAll(".source")) one.classList.toggle("is-current", cited.has(one.id));
}
