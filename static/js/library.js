// The library's shelves with a hand on them: files dropped anywhere, folders read, boxes ticked by the kind.
// Every one of these is also a plain form; nothing here is the only way to do a thing.
(() => {
  "use strict";

  const form = document.querySelector("[data-uploads]");
  const veil = document.querySelector("[data-drop]");
  let picked = [];

  // A folder named after a kind says what is in it; the server decides in the same way.
  function kindOf(path) {
    const folders = path.split("/").slice(0, -1).map((name) => name.toLowerCase());
    const options = [...form.elements.kind.options].filter((option) => option.value);
    for (const folder of folders) {
      const option = options.find((one) => one.dataset.names.split("|").includes(folder));
      if (option) return option.text;
    }
    return "";
  }

  const litter = (path) => path.split("/").some((part) => part.startsWith(".") || /^(thumbs\.db|desktop\.ini|__macosx)$/i.test(part));

  function size(bytes) {
    const unit = bytes < 1024 * 1024 ? "kilobyte" : "megabyte";
    const amount = Math.max(bytes / (unit === "kilobyte" ? 1024 : 1024 * 1024), bytes ? 0.1 : 0);
    return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(amount);
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  const isTooLarge = (one) => one.file.size > Number(form.dataset.mostFile);

  function show() {
    const list = form.querySelector("[data-picked]");
    list.hidden = !picked.length;
    list.replaceChildren(
      ...picked.map((one) => {
        const item = element("li", "picked__file");
        const words = element("span", "picked__words");
        words.append(element("span", "picked__name", one.path), " ", element("span", "small muted", [kindOf(one.path), size(one.file.size)].filter(Boolean).join(" · ")));
        const wrong = isTooLarge(one) ? list.dataset.tooLarge : one.file.size ? "" : list.dataset.empty;
        if (wrong) words.append(element("span", "field__error", wrong));
        const out = element("button", "button button--quiet button--small", list.dataset.remove);
        out.type = "button";
        out.setAttribute("aria-label", `${list.dataset.remove}: ${one.path}`);
        out.addEventListener("click", () => {
          picked = picked.filter((other) => other !== one);
          show();
        });
        item.append(words, out);
        return item;
      }),
    );
  }

  function pick(files) {
    const fresh = files.filter((one) => !litter(one.path));
    picked = [...picked.filter((old) => !fresh.some((one) => one.path === old.path)), ...fresh];
    if (picked.length) acceptFiles();
    show();
  }

  // What was said of the field before there was a file in it is no longer so.
  function acceptFiles() {
    const input = form.elements.files;
    document.getElementById("field-files-error")?.remove();
    input.closest(".field").classList.remove("field--error");
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", "field-files-hint");
  }

  // What a hand let go of: files as they are, folders with all that is in them.
  async function walk(entry, found) {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      found.push({ file, path: entry.fullPath.replace(/^\//, "") });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) return;
      for (const one of some) await walk(one, found);
    }
  }

  async function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = [...transfer.files].map((file) => ({ file, path: file.name }));
    if (!entries.some((entry) => entry.isDirectory)) return files;
    const found = [];
    for (const entry of entries) await walk(entry, found);
    return found;
  }

  if (form) {
    const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    let depth = 0;

    const lift = () => {
      depth = 0;
      veil.hidden = true;
    };

    document.addEventListener("dragenter", (event) => {
      if (!carries(event)) return;
      depth += 1;
      veil.hidden = false;
    });
    document.addEventListener("dragleave", (event) => {
      if (carries(event) && --depth <= 0) lift();
    });
    document.addEventListener("dragover", (event) => {
      if (carries(event)) event.preventDefault();
    });
    document.addEventListener("drop", async (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.stopPropagation();
      lift();
      // Read at once: the browser empties what was dropped when this event ends.
      const coming = dropped(event.dataTransfer);
      pick(await coming);
      open();
    }, true);

    form.addEventListener("change", (event) => {
      const input = event.target;
      if (input.type !== "file") return;
      pick([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
      // They stand in the list now, where they can be left out one by one.
      input.value = "";
    });

    form.addEventListener("submit", (event) => {
      if (!picked.length) return;
      event.preventDefault();
      send();
    });
  }

  function open() {
    location.hash = "#add";
    const next = picked.some((one) => !kindOf(one.path)) ? form.elements.kind : form.querySelector(".sheet__foot .button");
    next.focus();
  }

  // No more at once than the server takes; what is too large by itself stays in the list with its reason.
  function parts() {
    const most = Number(form.dataset.mostUpload);
    const found = [];
    let room = 0;
    for (const one of picked.filter((file) => !isTooLarge(file))) {
      if (!found.length || one.file.size > room || found.at(-1).length >= 200) {
        found.push([]);
        room = most;
      }
      found.at(-1).push(one);
      room -= one.file.size;
    }
    return found;
  }

  function post(files, sent) {
    const data = new FormData(form);
    data.delete("files");
    data.delete("folder");
    for (const one of files) data.append("files", one.file, one.path);
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (event) => sent(event.loaded));
      request.addEventListener("load", () => done(request));
      request.addEventListener("error", () => failed(new Error("no answer")));
      request.send(data);
    });
  }

  async function send() {
    const bar = form.querySelector("[data-sent]");
    const button = form.querySelector(".sheet__foot .button");
    const all = parts();
    const total = all.flat().reduce((sum, one) => sum + one.file.size, 0);
    let before = 0;
    if (!all.length) return;
    bar.hidden = false;
    button.disabled = true;
    try {
      let answer = null;
      for (const files of all) {
        answer = await post(files, (sent) => {
          bar.querySelector("progress").value = total ? Math.min((before + sent) / total, 1) : 0;
        });
        if (answer.status >= 400) return refuse(answer);
        before += files.reduce((sum, one) => sum + one.file.size, 0);
        picked = picked.filter((one) => !files.includes(one));
      }
      if (picked.length) show();
      leave(answer.responseURL);
    } catch {
      complain(document.body.dataset.offline);
    } finally {
      bar.hidden = true;
      button.disabled = false;
    }
  }

  function leave(address) {
    const there = new URL(address);
    const job = there.searchParams.get("job");
    if (job) there.hash = `#job-${job}`;
    if (picked.length) return;
    location.assign(there);
  }

  // The answer is the page with the reasons beside its fields: they are put into this one, and the files stay.
  function refuse(answer) {
    const fresh = new DOMParser().parseFromString(answer.responseText, "text/html").querySelector("[data-uploads]");
    if (!fresh) return complain(document.body.dataset.failed);
    for (const old of form.querySelectorAll(".field__error, .action-error")) old.remove();
    for (const old of form.querySelectorAll(".field--error")) old.classList.remove("field--error");
    for (const old of form.querySelectorAll("[aria-invalid]")) {
      old.removeAttribute("aria-invalid");
      old.removeAttribute("aria-describedby");
      if (document.getElementById(`${old.id}-hint`)) old.setAttribute("aria-describedby", `${old.id}-hint`);
    }
    for (const error of fresh.querySelectorAll(".field__error")) {
      const control = form.querySelector(`#${CSS.escape(error.id.replace(/-error$/, ""))}`);
      const place = control?.closest(".field");
      if (!place) continue;
      place.closest("details")?.setAttribute("open", "");
      place.classList.add("field--error");
      place.querySelector(".field__label").after(document.adoptNode(error));
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", error.id);
    }
    form.querySelector("[aria-invalid]")?.focus();
    show();
  }

  function complain(words) {
    const box = element("div", "action-error");
    box.setAttribute("role", "alert");
    box.append(element("div", "notice notice--block", words));
    form.querySelector(":scope > .action-error")?.remove();
    form.append(box);
  }

  // The sheet opens by its address. Focus goes in with it, and back to where it came from.
  let opener = null;
  const sheet = document.querySelector("[data-sheet]");

  const follow = () => {
    const isOpen = location.hash === "#add";
    if (isOpen && sheet && !sheet.contains(document.activeElement)) sheet.querySelector("h2").focus();
    // Not from under whoever has gone on to something else: the address tells of its change late.
    const isNobodys = document.activeElement === document.body || sheet?.contains(document.activeElement);
    if (!isOpen && opener?.isConnected && isNobodys) opener.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href$="#add"]');
    if (link) opener = link;
    if (event.target.closest("[data-sheet-close]")) {
      event.preventDefault();
      location.hash = "#shelf";
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash === "#add") location.hash = "#shelf";
  });
  window.addEventListener("hashchange", follow);
  document.addEventListener("DOMContentLoaded", follow);

  // Boxes: that of a kind ticks those of its rows, and the bar says how many there are.
  function count() {
    const rows = document.querySelector("#rows");
    const said = rows?.querySelector("[data-count-one]");
    if (!said) return;
    let number = 0;
    for (const body of rows.querySelectorAll("tbody")) {
      const all = body.querySelector("[data-all]");
      const boxes = [...body.querySelectorAll('[name="material"]')];
      number += all?.checked ? Number(all.closest("label").querySelector(".muted").textContent) : boxes.filter((box) => box.checked).length;
    }
    said.textContent = number === 1 ? said.dataset.countOne : said.dataset.countMany.replace("{n}", String(number));
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.closest?.("#rows") || box.type !== "checkbox") return;
    const body = box.closest("tbody");
    if (box.matches("[data-all]")) {
      for (const one of body.querySelectorAll('[name="material"]')) one.checked = box.checked;
    } else if (!box.checked) {
      const all = body.querySelector("[data-all]");
      if (all) all.checked = false;
    }
    count();
  });

  // A list that is fetched anew keeps what was ticked.
  let ticked = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "shelf") return;
    ticked = [...document.querySelectorAll("#rows input:checked")].map((box) => `${box.name}=${box.value}`);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const box of document.querySelectorAll('#rows input[type="checkbox"]')) {
      if (ticked.includes(`${box.name}=${box.value}`)) box.checked = true;
    }
    ticked = [];
    count();
  });
})();
