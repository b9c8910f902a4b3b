// The desk's editor: marks follow the typing, a card says what is under the pointer or the caret, fixes go into the text.
// The textarea is never rendered anew and its caret never moved, but by a fix or a jump that somebody asked for.
(() => {
  "use strict";

  const RESTS = 250; // Milliseconds without a key before the text is checked; longer where answers take long.
  const MOST_RESTS = 3000;
  const DWELLS = 300; // Before the card opens under a pointer that rests.
  const LINGERS = 250; // Before it closes, so that a hand can reach it.
  const SAYS = 1000; // Before what changed is said aloud.

  const states = new WeakMap();

  // What is known of one editor: its timers, what was last asked, and what an undo would bring back.
  function stateOf(editor) {
    if (!states.has(editor)) states.set(editor, { timers: {}, asked: null, took: 0, composing: false, undo: null });
    return states.get(editor);
  }

  const theEditor = () => document.querySelector(".editor[hx-post]");
  const areaOf = (editor) => editor.querySelector(".editor__text");
  const marksOf = (editor) => editor.querySelector(".editor__marks");
  const cardOf = (editor) => editor.querySelector(".editor__card");
  const liveOf = (element) => element?.closest?.(".editor[hx-post]") ?? null;
  const coarse = () => matchMedia("(pointer: coarse)").matches;

  function later(editor, name, wait, deed) {
    const { timers } = stateOf(editor);
    clearTimeout(timers[name]);
    timers[name] = setTimeout(deed, wait);
  }

  const cancel = (editor, name) => clearTimeout(stateOf(editor).timers[name]);

  // The server counts code points, a textarea units of UTF-16.
  function unit(text, point) {
    let at = 0;
    for (let left = point; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
    return at;
  }

  // Asking: one request for the newest text, and none while an input method composes.

  function ask(editor, wait = Math.max(RESTS, Math.min(2 * stateOf(editor).took, MOST_RESTS))) {
    later(editor, "ask", wait, () => {
      if (!stateOf(editor).composing && editor.isConnected) editor.dispatchEvent(new CustomEvent("copy:settled"));
    });
  }

  // What lies between the beginning and the end that two texts share.
  function difference(before, after) {
    const most = Math.min(before.length, after.length);
    let low = 0;
    while (low < most && before[low] === after[low]) low += 1;
    if (low && /[\ud800-\udbff]/.test(before[low - 1])) low -= 1;
    let tail = 0;
    while (tail < most - low && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    if (tail && /[\udc00-\udfff]/.test(before.at(-tail))) tail -= 1;
    return { low, high: before.length - tail, put: after.slice(low, after.length - tail) };
  }

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

  // The marks hold the same text as the textarea at every moment: what stands beside an edit keeps its mark and moves along
  // with the words, what was edited itself fades until the answer comes.
  function follow(editor) {
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
      for (const mark of marks.querySelectorAll("[data-claim], [data-mark]")) {
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

  document.addEventListener("input", (event) => {
    const editor = liveOf(event.target);
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
    const editor = liveOf(event.target);
    if (!editor) return;
    stateOf(editor).composing = true;
    cancel(editor, "ask");
    close(editor);
  });

  document.addEventListener("compositionend", (event) => {
    const editor = liveOf(event.target);
    if (!editor) return;
    stateOf(editor).composing = false;
    follow(editor);
    ask(editor);
  });

  // Hearing: an answer to a text that stands no longer is dropped, for the next one is on its way.

  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches?.(".editor[hx-post]")) return;
    const state = stateOf(event.target);
    state.asked = areaOf(event.target).value;
    state.since = performance.now();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const editor = event.detail.requestConfig?.elt;
    if (!editor?.matches?.(".editor[hx-post]")) return;
    const { xhr } = event.detail;
    stateOf(editor).took = performance.now() - stateOf(editor).since;
    // Whoever was signed out meanwhile is led to another page, which is no answer.
    const answers = xhr.status === 200 && new URL(xhr.responseURL).pathname === editor.getAttribute("hx-post");
    if (!answers) unanswered(editor);
    event.detail.shouldSwap = answers && stateOf(editor).asked === areaOf(editor).value;
    if (event.detail.shouldSwap) hold(editor);
  });

  // Somebody who writes down a reason in the list is not interrupted: it is brought up to date when they are done.
  const typesIn = (place) => place.contains(document.activeElement) && document.activeElement.matches("textarea, input");

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const list = event.detail.target;
    if (list?.id !== "findings" || !typesIn(list)) return;
    event.detail.shouldSwap = false;
    document.activeElement.addEventListener("blur", () => theEditor() && ask(theEditor()), { once: true });
  });

  // What was opened or typed in the list, by the finding that it belongs to.
  function hold(editor) {
    const held = [];
    for (const row of document.querySelectorAll("#findings [data-seen]")) {
      const fields = [...row.querySelectorAll("textarea")].map((field) => field.value);
      const isOpen = row.querySelector("details[open]") !== null;
      if (isOpen || fields.some(Boolean)) held.push({ seen: row.dataset.seen, fields, isOpen });
    }
    stateOf(editor).held = held;
  }

  function giveBack(editor) {
    for (const { seen, fields, isOpen } of stateOf(editor).held ?? []) {
      const row = document.querySelector(`#findings [data-seen="${seen}"]`);
      if (!row) continue;
      row.querySelectorAll("textarea").forEach((field, number) => (field.value = fields[number] ?? ""));
      row.querySelectorAll("details").forEach((details) => (details.open = isOpen));
    }
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const editor = event.detail.requestConfig?.elt;
    if (!editor?.matches?.(".editor[hx-post]")) return;
    giveBack(editor);
    showUndo(editor);
    showKeys();
    lit(editor);
    say(editor);
  });

  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(
      name,
      (event) => {
        if (!event.target.matches?.(".editor[hx-post]")) return;
        // Nobody pressed anything, so nothing is said in the middle of the page.
        event.stopPropagation();
        const answer = new DOMParser().parseFromString(event.detail.xhr?.responseText ?? "", "text/html");
        unanswered(event.target, answer.querySelector("[data-error]")?.textContent.trim());
      },
      true,
    );
  }

  function unanswered(editor, reason) {
    const line = document.getElementById("standing");
    line.textContent = reason || editor.dataset.unanswered;
    say(editor);
  }

  // Said aloud only when it changed, and only once the typing rests.
  function say(editor) {
    later(editor, "say", SAYS, () => {
      const said = document.getElementById("standing-said");
      const line = document.getElementById("standing").innerText.replace(/\s+/g, " ").trim();
      if (said && said.textContent !== line) said.textContent = line;
    });
  }

  // The card: what carries a sentence, or why a check objects, and the button that mends it.

  const claimAt = (span) => span?.closest("[data-claim]:not(.is-stale)") ?? null;
  const markAt = (span) => span?.closest("[data-mark]:not(.is-stale)") ?? null;
  const rowOf = (mark) => document.querySelector(`#findings [data-mark="${mark}"]`);
  const keyOf = (span) => `${markAt(span)?.dataset.mark ?? ""}|${claimAt(span)?.dataset.claim ?? ""}`;

  function pages(span) {
    const claim = claimAt(span);
    const note = claim && document.querySelector(`#claim-notes [data-note="${claim.dataset.claim}"]`);
    const rows = (markAt(span)?.dataset.mark ?? "").split(" ").filter(Boolean).map(rowOf).filter(Boolean);
    return { note, rows };
  }

  function open(editor, span, y) {
    const card = cardOf(editor);
    const { note, rows } = pages(span);
    if (!note && !rows.length) return close(editor);
    cancel(editor, "close");
    cancel(editor, "open");
    const parts = rows.map((row) => {
      const part = document.createElement("div");
      part.className = row.className;
      for (const name of ["mark", "from", "to", "text", "put"]) {
        if (name in row.dataset) part.dataset[name] = row.dataset[name];
      }
      for (const child of row.children) part.append(child.cloneNode(true));
      // To let it stand, or to take that back, is for the list: here is only what it is about.
      part.querySelectorAll(".waiver, .waived :is(form, button), .finding__hint").forEach((one) => one.remove());
      return part;
    });
    if (note) {
      const part = document.createElement("div");
      part.className = `editor__note editor__note--${note.dataset.verdict}`;
      part.lang = note.lang;
      for (const child of note.childNodes) part.append(child.cloneNode(true));
      parts.push(part);
    }
    card.replaceChildren(...parts);
    card.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
    card.hidden = false;
    card.dataset.key = keyOf(span);
    settle(editor, span, y);
    lit(editor, span);
  }

  // Under the line that was pointed at, or above it where there is no room; on a phone a strip at the foot.
  function settle(editor, span, y) {
    const card = cardOf(editor);
    if (coarse()) {
      card.removeAttribute("style");
      return aboveKeyboard(card);
    }
    const box = editor.getBoundingClientRect();
    const lines = [...span.getClientRects()];
    const line = lines.find((one) => y >= one.top - 4 && y <= one.bottom + 4) ?? lines.at(-1) ?? box;
    const gap = 6;
    const isAbove = line.bottom + gap + card.offsetHeight > innerHeight && line.top > card.offsetHeight + gap;
    card.style.insetBlockStart = `${(isAbove ? line.top - gap - card.offsetHeight : line.bottom + gap) - box.top}px`;
    const most = box.width - card.offsetWidth;
    card.style.insetInlineStart = `${Math.max(0, Math.min(line.left - box.left, most))}px`;
  }

  function aboveKeyboard(card) {
    const view = window.visualViewport;
    const covered = view ? innerHeight - view.height - view.offsetTop : 0;
    if (covered > 120) card.style.insetBlockEnd = `${covered}px`;
  }

  function close(editor) {
    const card = cardOf(editor);
    cancel(editor, "open");
    cancel(editor, "close");
    if (!card || card.hidden) return;
    if (card.contains(document.activeElement)) areaOf(editor).focus({ preventScroll: true });
    card.hidden = true;
    card.replaceChildren();
    lit(editor);
  }

  const leave = (editor) => later(editor, "close", LINGERS, () => close(editor));

  // The sentence in hand, and its passages in the other pane, stand out a little.
  function lit(editor, span = under(editor)) {
    const claim = claimAt(span);
    for (const one of marksOf(editor).querySelectorAll("[data-claim]")) one.classList.toggle("is-current", one === claim);
    const { note } = pages(span);
    const cited = new Set([...(note?.querySelectorAll("a[href^='#source-']") ?? [])].map((link) => link.hash.slice(1)));
    for (const one of document.querySelectorAll(".source")) one.classList.toggle("is-current", cited.has(one.id));
  }

  // What the caret stands in, if the textarea has the focus.
  function under(editor) {
    const area = areaOf(editor);
    if (document.activeElement !== area || area.selectionStart !== area.selectionEnd) return null;
    const at = area.selectionStart;
    let span = null;
    let start = 0;
    const walker = document.createTreeWalker(marksOf(editor), NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && start <= at) {
      const node = walker.currentNode;
      if (node.length && at <= start + node.length) {
        const found = node.parentElement.closest("[data-claim], [data-mark]");
        // At a seam the one with a finding is meant.
        if (found && (!span || found.matches("[data-mark]"))) span = found;
      }
      start += node.length;
    }
    return span;
  }

  function pointed(editor, x, y) {
    const marks = marksOf(editor);
    const found = document.elementsFromPoint(x, y).find((one) => marks.contains(one) && one !== marks);
    return found?.closest("[data-claim], [data-mark]") ?? null;
  }

  let frame = 0;
  document.addEventListener("mousemove", (event) => {
    const editor = theEditor();
    if (!editor || coarse()) return;
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
        if (span.isConnected) open(editor, span, y);
      });
    });
  });

  // A caret that arrows have moved opens the card where it comes to rest; on a phone, one that a finger has set.
  const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

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
    if (card.hidden) lit(editor, span);
    else if (state.byKey && card.dataset.key !== (span ? keyOf(span) : "")) close(editor);
    const { moved } = state;
    state.moved = false;
    if (span && moved && card.hidden) {
      later(editor, "open", 2 * DWELLS, () => {
        if (under(editor) !== span) return;
        state.byKey = true;
        open(editor, span);
      });
    }
  });

  document.addEventListener("pointerup", (event) => {
    const editor = liveOf(event.target);
    if (editor && event.pointerType === "touch" && event.target === areaOf(editor)) stateOf(editor).moved = true;
  });

  // The findings with a place in the text, in its order.
  function stops(editor) {
    const { value } = areaOf(editor);
    return [...document.querySelectorAll("#findings [data-mark]")]
      .map((row) => ({ row, from: unit(value, +row.dataset.from), to: unit(value, +row.dataset.to) }))
      .filter(({ from, to }) => to > from)
      .sort((one, other) => one.from - other.from || one.to - other.to);
  }

  function next(editor, step) {
    const area = areaOf(editor);
    const all = stops(editor);
    if (!all.length) return;
    const isHere = document.activeElement === area || stateOf(editor).stop;
    const at = isHere ? area.selectionStart : step > 0 ? -1 : Infinity;
    const further = step > 0 ? all.find(({ from }) => from > at) : all.findLast(({ from }) => from < at);
    go(editor, further ?? all.at(step > 0 ? 0 : -1));
  }

  // The editor of a sealed copy lies in a fold: whoever changes something there sees it.
  function unfold(editor) {
    const fold = editor.closest("details");
    if (fold) fold.open = true;
  }

  // Selects a finding's words and says what there is to say of them.
  function go(editor, { row, from, to }) {
    const area = areaOf(editor);
    const state = stateOf(editor);
    unfold(editor);
    // On a phone the copy may be in the pane that is not shown.
    if (!area.offsetParent) location.hash = "#pane-copy";
    state.stop = { from, to };
    area.focus({ preventScroll: true });
    area.setSelectionRange(from, to);
    const span = [...marksOf(editor).querySelectorAll("[data-mark]")].find((one) =>
      one.dataset.mark.split(" ").includes(row.dataset.mark),
    );
    if (span) {
      const box = span.getBoundingClientRect();
      if (box.top < 60 || box.bottom > innerHeight - 160) span.scrollIntoView({ block: "center" });
      state.byKey = true;
      open(editor, span);
    }
    document.getElementById("standing-said").textContent = row.querySelector(".finding__reason").textContent.trim();
  }

  document.addEventListener("keydown", (event) => {
    const editor = theEditor();
    if (!editor || event.isComposing) return;
    const state = stateOf(editor);
    const isHere = event.target === areaOf(editor) || cardOf(editor).contains(event.target);
    if (event.key === "F8" || (event.altKey && (event.code === "Period" || event.code === "Comma"))) {
      event.preventDefault();
      next(editor, event.shiftKey || event.code === "Comma" ? -1 : 1);
    } else if (event.key === "Escape" && !cardOf(editor).hidden) {
      event.preventDefault();
      close(editor);
    } else if (isHere && MOVES.has(event.key)) state.moved = true;
  });

  document.addEventListener("focusout", (event) => {
    const editor = liveOf(event.target);
    if (editor && !editor.contains(event.relatedTarget) && stateOf(editor).byKey) leave(editor);
  });

  // Fixes: into the textarea as if they were typed, so that the browser's own undo knows them too.

  function put(editor, from, to, text) {
    const area = areaOf(editor);
    const wanted = area.value.slice(0, from) + text + area.value.slice(to);
    const state = stateOf(editor);
    state.fixing = true;
    // A phone would open its keyboard for a textarea that has the focus.
    if (!coarse() || document.activeElement === area) {
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

  // The rows whose words still stand where they stood when they were checked.
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
      .filter(({ from, to, text }) => to > from && value.slice(from, to) === text)
      .sort((one, other) => other.from - one.from);
  }

  function mend(editor, rows) {
    const fixes = fitting(editor, rows);
    const before = areaOf(editor).value;
    if (!fixes.length) return ask(editor, 0);
    unfold(editor);
    let text = before;
    for (const fix of fixes) text = text.slice(0, fix.from) + fix.put + text.slice(fix.to);
    become(editor, text);
    stateOf(editor).undo = before;
    showUndo(editor);
    close(editor);
  }

  function undo(editor) {
    const { undo: before } = stateOf(editor);
    forget(editor);
    if (before !== null) become(editor, before);
  }

  function forget(editor) {
    stateOf(editor).undo = null;
    showUndo(editor);
  }

  // At the head of the list, and beside the buttons below the text: on a phone only one of them is in sight.
  function showUndo(editor) {
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

  function showKeys() {
    for (const button of document.querySelectorAll("[data-next]")) button.hidden = false;
  }

  document.addEventListener("click", (event) => {
    const editor = theEditor();
    const pressed = event.target.closest?.("[data-fix], [data-fix-all], [data-undo], [data-next], [data-go]");
    if (!editor || !pressed) return;
    event.preventDefault();
    if (pressed.matches("[data-fix]")) mend(editor, [pressed.closest("[data-mark]")]);
    else if (pressed.matches("[data-fix-all]")) mend(editor, [...document.querySelectorAll("#findings [data-safe]")]);
    else if (pressed.matches("[data-undo]")) undo(editor);
    else if (pressed.matches("[data-next]")) next(editor, 1);
    else {
      const row = pressed.closest("[data-mark]");
      const stop = stops(editor).find((one) => one.row.dataset.mark === row.dataset.mark);
      if (stop) go(editor, stop);
    }
  });

  // A page that comes back with what was typed, or from the browser's memory, is checked as it stands.
  function begin() {
    const editor = theEditor();
    if (!editor) return;
    showKeys();
    if ("unread" in editor.dataset || marksOf(editor).textContent !== areaOf(editor).value) {
      delete editor.dataset.unread;
      follow(editor);
      ask(editor, 0);
    }
  }

  window.addEventListener("pageshow", begin);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.querySelector?.(".editor[hx-post]")) begin();
  });
})();
