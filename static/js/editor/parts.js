// One editor's parts, and what is known of it: its timers, what was last asked, and what an undo would bring back.

const states = new WeakMap();

export function stateOf(editor) {
  if (!states.has(editor)) states.set(editor, { timers: {}, asked: null, took: 0, composing: false, undo: null });
  return states.get(editor);
}

const LIVE = ".editor[hx-post]";

export const isLive = (element) => element?.matches?.(LIVE) ?? false;
export const theEditor = () => document.querySelector(LIVE);
export const editorOf = (element) => element?.closest?.(LIVE) ?? null;
export const areaOf = (editor) => editor.querySelector(".editor__text");
export const marksOf = (editor) => editor.querySelector(".editor__marks");
export const cardOf = (editor) => editor.querySelector(".editor__card");

// Whoever has only a finger to point with.
export const isCoarse = () => matchMedia("(pointer: coarse)").matches;
export const isNarrow = () => matchMedia("(max-width: 47.99rem)").matches;

export function later(editor, name, wait, deed) {
  const { timers } = stateOf(editor);
  clearTimeout(timers[name]);
  timers[name] = setTimeout(deed, wait);
}

export const cancel = (editor, name) => clearTimeout(stateOf(editor).timers[name]);

// The editor of a sealed copy lies in a fold: whoever changes something there sees it.
export function unfold(editor) {
  const fold = editor.closest("details");
  if (fold) fold.open = true;
}
