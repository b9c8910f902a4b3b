// When the card opens: under a pointer that rests, at a caret that arrows or a finger have moved.

import { close, leave, light, open, openByKey } from "./card.js";
import { keyOf, pointed, under } from "./marks.js";
import { areaOf, cancel, cardOf, editorOf, isCoarse, later, stateOf, theEditor } from "./parts.js";

const DWELLS = 300; // Milliseconds before it opens under a pointer that rests.
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

let frame = 0;

document.addEventListener("mousemove", (event) => {
  const editor = theEditor();
  if (!editor || isCoarse()) return;
  const { clientX: x, clientY: y, buttons, target } = event;
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    const card = cardOf(editor);
    if (card.contains(target)) return cancel(editor, "close");
    const span = target === areaOf(editor) && !buttons ? pointed(editor, x, y) : null;
    const state = stateOf(editor);
    if (span && state.over === span) return;
    state.over = span;
    cancel(editor, "open");
    if (!span) return card.hidden || state.byKey ? undefined : leave(editor);
    if (!card.hidden && card.dataset.key === keyOf(span)) return cancel(editor, "close");
    later(editor, "open", card.hidden ? DWELLS : DWELLS / 2, () => {
      state.byKey = false;
      // An answer that came meanwhile has drawn the marks anew beneath the pointer.
      const now = span.isConnected ? span : pointed(editor, x, y);
      if (now) open(editor, now);
    });
  });
});

document.addEventListener("selectionchange", () => {
  const editor = theEditor();
  if (!editor || document.activeElement !== areaOf(editor) || stateOf(editor).composing) return;
  const state = stateOf(editor);
  const { selectionStart, selectionEnd } = areaOf(editor);
  // What a jump selected stays open until somebody moves on from it.
  if (state.stop?.from === selectionStart && state.stop.to === selectionEnd) return;
  state.stop = null;
  const span = under(editor);
  const card = cardOf(editor);
  if (card.hidden) light(editor, span);
  else if (state.byKey && card.dataset.key !== (span ? keyOf(span) : "")) close(editor);
  const { moved } = state;
  state.moved = false;
  if (!span || !moved || !card.hidden) return;
  later(editor, "open", 2 * DWELLS, () => {
    if (under(editor) === span) openByKey(editor, span);
  });
});

document.addEventListener("pointerup", (event) => {
  const editor = editorOf(event.target);
  if (editor && event.pointerType === "touch" && event.target === areaOf(editor)) stateOf(editor).moved = true;
});

document.addEventListener("keydown", (event) => {
  const editor = editorOf(event.target);
  if (editor && !event.isComposing && MOVES.has(event.key)) stateOf(editor).moved = true;
});

document.addEventListener("focusout", (event) => {
  const editor = editorOf(event.target);
  if (editor && !editor.contains(event.relatedTarget) && stateOf(editor).byKey) leave(editor);
});
