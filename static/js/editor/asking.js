// Asking the server about the newest text, and saying aloud how it stands.

import { areaOf, later, stateOf } from "./parts.js";

const RESTS = 250; // Milliseconds without a key before the text is checked; longer where answers take long.
const MOST_RESTS = 3000;
const SAYS = 1000; // Before what changed is said aloud.

// One request for the newest text, and none while an input method composes.
export function ask(editor, wait = Math.max(RESTS, Math.min(2 * stateOf(editor).took, MOST_RESTS))) {
  later(editor, "ask", wait, () => {
    if (!stateOf(editor).composing && editor.isConnected) editor.dispatchEvent(new CustomEvent("copy:settled"));
  });
}

export function noteAsked(editor) {
  const state = stateOf(editor);
  state.asked = areaOf(editor).value;
  state.since = performance.now();
}

// Whether the answer that came is one to the text that stands now.
export function noteAnswered(editor) {
  const state = stateOf(editor);
  state.took = performance.now() - state.since;
  return state.asked === areaOf(editor).value;
}

// Only when it changed, and only once the typing rests.
export function say(editor) {
  later(editor, "say", SAYS, () => {
    const said = document.getElementById("standing-said");
    const line = document.getElementById("standing").innerText.replace(/\s+/g, " ").trim();
    if (said && said.textContent !== line) said.textContent = line;
  });
}
