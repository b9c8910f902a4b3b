// Small conveniences over plain forms: nothing here is the only way to do a thing.
(() => {
  "use strict";

  const CLAIM = ".claim:is(:hover, :focus, :focus-within)";
  const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // Copy: the button names its text by selector; without this script the text is still selectable.
  async function copy(button) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    const text = "value" in source ? source.value : source.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Plain http has no clipboard: select the text so that one key press copies it.
      if ("select" in source) source.select();
      else getSelection().selectAllChildren(source);
      if (!document.execCommand("copy")) return;
    }
    button.classList.add("is-copied");
    setTimeout(() => button.classList.remove("is-copied"), 2000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    for (const open of document.querySelectorAll("details[data-close][open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  // Keys: data-key="a" or "mod+enter" presses the element. Plain letters rest while someone types.
  // J and K walk through data-walk items.
  function pressed(event) {
    const name = event.key.toLowerCase();
    return event.ctrlKey || event.metaKey ? `mod+${name}` : name;
  }

  function walk(step) {
    const items = [...document.querySelectorAll("[data-walk]")];
    if (!items.length) return false;
    const at = items.findIndex((item) => item.classList.contains("is-current"));
    const next = items[Math.min(Math.max(at + step, 0), items.length - 1)];
    items.forEach((item) => item.classList.toggle("is-current", item === next));
    const link = next.querySelector("a, button") ?? next;
    link.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector("details[data-close][open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
      for (const claim of document.querySelectorAll(CLAIM)) claim.classList.add("is-dismissed");
      return;
    }
    if (event.altKey || event.isComposing || event.repeat) return;
    const key = pressed(event);
    if (!key.startsWith("mod+") && typing(event.target)) return;
    if ((key === "j" && walk(1)) || (key === "k" && walk(-1))) {
      event.preventDefault();
      return;
    }
    // Of several with one key, the current item of a walked list comes first, then the first to be seen.
    const candidates = [...document.querySelectorAll("[data-key]")].filter(
      (element) => element.dataset.key === key && element.offsetParent !== null && !element.disabled,
    );
    const target = candidates.find((element) => element.closest(".is-current")) ?? candidates[0];
    if (!target) return;
    event.preventDefault();
    if (typing(target)) target.focus();
    else target.click();
  });

  // The source of a sentence stays away once somebody wanted it gone, until they come back to it.
  for (const name of ["mouseout", "focusout"]) {
    document.addEventListener(name, (event) => {
      const claim = event.target.closest?.(".claim.is-dismissed");
      if (claim && !claim.contains(event.relatedTarget)) claim.classList.remove("is-dismissed");
    });
  }

  // Textareas grow with what is in them.
  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-autosize]")) grow(event.target);
  });

  const growAll = (root) => root.querySelectorAll("[data-autosize]").forEach(grow);

  // A refused request answers with a fragment: it is shown beside what was pressed, and nothing typed is lost.
  function showError(element, html) {
    const place = element.closest("form, [data-errors]") ?? element.parentElement;
    place.querySelector(":scope > .action-error")?.remove();
    const box = document.createElement("div");
    box.className = "action-error";
    box.setAttribute("role", "alert");
    const answer = new DOMParser().parseFromString(html, "text/html");
    const fragment = answer.querySelector("[data-error], .notice, .field__error");
    if (fragment) box.append(document.adoptNode(fragment));
    else {
      const notice = document.createElement("div");
      notice.className = "notice notice--block";
      notice.textContent = document.body.dataset.failed;
      box.append(notice);
    }
    place.append(box);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const place = event.detail.elt.closest("form, [data-errors]") ?? event.detail.elt.parentElement;
    place?.querySelector(":scope > .action-error")?.remove();
  });

  // What a part of the page asks for by itself again and again waits while somebody presses a button in it: else the
  // press would hit nothing. The next answer follows soon.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const asksAgain = detail.requestConfig.elt.matches("[hx-trigger^=every]");
    if (asksAgain && detail.target.querySelector(":active")) detail.shouldSwap = false;
  });

  document.addEventListener("htmx:responseError", (event) => {
    showError(event.detail.elt, event.detail.xhr.responseText);
  });

  document.addEventListener("htmx:sendError", (event) => {
    const notice = document.createElement("div");
    notice.className = "notice notice--block";
    notice.textContent = document.body.dataset.offline;
    showError(event.detail.elt, notice.outerHTML);
  });

  document.addEventListener("htmx:load", (event) => {
    growAll(event.detail.elt.parentElement ?? document);
  });
  document.addEventListener("DOMContentLoaded", () => growAll(document));

  // Files may be dropped on the zone; its form has an ordinary file input.
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = event.target.closest?.(".dropzone");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
      const input = zone.querySelector('input[type="file"]');
      if (name === "drop" && input && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
})();
