// While somebody types: the marks keep step, and the server is asked once the typing rests. Input methods are left alone.

import { ask } from "./asking.js";
import { close } from "./card.js";
import { follow } from "./marks.js";
import { forget } from "./mending.js";
import { areaOf, cancel, editorOf, stateOf } from "./parts.js";

document.addEventListener("input", (event) => {
  const editor = editorOf(event.target);
  if (!editor || event.target !== areaOf(editor)) return;
  const state = stateOf(editor);
  state.moved = false;
  follow(editor);
  close(editor);
  if (!state.fixing) forget(editor);
  if (event.isComposing || state.composing) return;
  if (state.fixing) ask(editor, 0);
  else ask(editor);
});

document.addEventListener("compositionstart", (event) => {
  const editor = editorOf(event.target);
  if (!editor) return;
  stateOf(editor).composing = true;
  cancel(editor, "ask");
  close(editor);
});

document.addEventListener("compositionend", (event) => {
  const editor = editorOf(event.target);
  if (!editor) return;
  stateOf(editor).composing = false;
  follow(editor);
  ask(editor);
});
