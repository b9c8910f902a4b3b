// The desk's editor: marks follow the typing, a card says what is under the pointer or the caret, fixes go into the text.
// The textarea is never rendered anew and its caret never moved, but by a fix or a jump that somebody asked for.

import { ask } from "./editor/asking.js";
import { safeRows } from "./editor/findings.js";
import { showSteps } from "./editor/hearing.js";
import { follow } from "./editor/marks.js";
import { mend, undo } from "./editor/mending.js";
import { areaOf, marksOf, theEditor } from "./editor/parts.js";
import { goTo, next } from "./editor/stepping.js";
import "./editor/pointing.js";
import "./editor/typing.js";

document.addEventListener("click", (event) => {
  const editor = theEditor();
  const pressed = event.target.closest?.("[data-fix], [data-fix-all], [data-undo], [data-next], [data-go]");
  if (!editor || !pressed) return;
  event.preventDefault();
  if (pressed.matches("[data-fix]")) mend(editor, [pressed.closest("[data-mark]")]);
  else if (pressed.matches("[data-fix-all]")) mend(editor, safeRows());
  else if (pressed.matches("[data-undo]")) undo(editor);
  else if (pressed.matches("[data-next]")) next(editor);
  else goTo(editor, pressed.closest("[data-from]"));
});

// A page that comes back with what was typed, or from the browser's memory, is checked as it stands.
function begin() {
  const editor = theEditor();
  if (!editor) return;
  showSteps();
  if ("unread" in editor.dataset || marksOf(editor).textContent !== areaOf(editor).value) {
    delete editor.dataset.unread;
    follow(editor);
    ask(editor, 0);
  }
}

window.addEventListener("pageshow", begin);
document.addEventListener("htmx:load", (event) => {
  const { elt } = event.detail;
  const editor = theEditor();
  if (elt.querySelector?.(".editor[hx-post]")) begin();
  // A model has just judged some sentences of the text: its marks and findings are to follow.
  else if (editor && elt.id === "open-sentences" && !elt.hasAttribute("hx-get")) ask(editor, 0);
});
