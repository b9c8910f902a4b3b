// What the server answers: an answer to a text that stands no longer is dropped, for the next one is on its way.

import { ask, noteAnswered, noteAsked, say } from "./asking.js";
import { light } from "./card.js";
import { giveBack, hold, isWrittenIn } from "./findings.js";
import { showUndo } from "./mending.js";
import { isLive, theEditor } from "./parts.js";

// What somebody is pressing stays where it is until they let go of it: else the press would hit nothing.
let waits = false;
const isPressing = () => document.documentElement.matches(":active");

for (const name of ["pointerup", "pointercancel", "keyup"]) {
  document.addEventListener(name, () => {
    if (waits && theEditor()) ask(theEditor(), 0);
    waits = false;
  });
}

document.addEventListener("htmx:configRequest", (event) => {
  if (isLive(event.target)) noteAsked(event.target);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const editor = event.detail.requestConfig?.elt;
  if (!isLive(editor)) return;
  const { xhr } = event.detail;
  const isCurrent = noteAnswered(editor);
  // Whoever was signed out meanwhile is led to another page, which is no answer.
  const answers = xhr.status === 200 && new URL(xhr.responseURL).pathname === editor.getAttribute("hx-post");
  if (!answers) unanswered(editor);
  const isInTheWay = answers && isCurrent && isPressing();
  waits ||= isInTheWay;
  event.detail.shouldSwap = answers && isCurrent && !isInTheWay;
  if (event.detail.shouldSwap) hold(editor);
});

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (!isWrittenIn(event.detail.target)) return;
  event.detail.shouldSwap = false;
  document.activeElement.addEventListener("blur", () => theEditor() && ask(theEditor()), { once: true });
});

document.addEventListener("htmx:afterSwap", (event) => {
  const editor = event.detail.requestConfig?.elt;
  if (!isLive(editor)) return;
  giveBack(editor);
  showUndo(editor);
  showSteps();
  light(editor);
  say(editor);
});

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(
    name,
    (event) => {
      if (!isLive(event.target)) return;
      // Nobody pressed anything, so nothing is said in the middle of the page.
      event.stopPropagation();
      const answer = new DOMParser().parseFromString(event.detail.xhr?.responseText ?? "", "text/html");
      unanswered(event.target, answer.querySelector("[data-error]")?.textContent.trim());
    },
    true,
  );
}

function unanswered(editor, reason) {
  document.getElementById("standing").textContent = reason || editor.dataset.unanswered;
  say(editor);
}

// The button to the next finding does nothing without a script, so that a script has to show it.
export function showSteps() {
  for (const button of document.querySelectorAll("[data-next]")) button.hidden = false;
}
