// Improves pages that work without it. Each behaviour stands alone and finds its elements by data-attributes.
// Pages are fetched as pages and their parts swapped in whole: no text is ever turned into markup here.

/** Whether `target` lies on our own origin; everything else is left to the browser. */
const isOurs = (target) => new URL(target, location.href).origin === location.origin;

/** Fetches a page of ours. Answers null when it is not a page, or nobody is signed in any more. */
async function fetchPage(url, options = {}) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin", ...options });
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html") || answer.status === 401) return null;
  return { url: answer.url, document: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

/** Where a form is sent; `form.action` would be a button of that name. */
const addressOf = (form) => form.getAttribute("action").split("?")[0];

const partsOf = (root) => [...root.querySelectorAll("[data-part]")];

/** Replaces each part of this page by the part of the same name in the other one; keeps the focus by id. */
function swapParts(other) {
  const focused = document.activeElement?.id;
  let swapped = 0;
  for (const part of partsOf(document)) {
    const fresh = other.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!fresh) continue;
    part.replaceWith(document.adoptNode(fresh));
    swapped += 1;
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  improve(document);
  return swapped;
}

// --- lists: filters, pills, sorting and paging without a full reload ---
let latest = 0;

async function showList(url, focusCount) {
  const mine = ++latest;
  const lists = document.querySelectorAll('[data-part="list"]');
  for (const list of lists) list.setAttribute("aria-busy", "true");
  const page = await fetchPage(url).catch(() => null);
  if (mine !== latest) return;
  if (!page || !swapParts(page.document)) return location.assign(url);
  history.pushState({ swapped: true }, "", page.url);
  carryState(page.document);
  if (focusCount) document.querySelector("[data-count]")?.focus();
}

/** The filter form stays as it is; only what it carries along (view, sort, rows) follows the list. */
function carryState(other) {
  for (const [at, form] of document.querySelectorAll("form[data-live]").entries()) {
    const fresh = other.querySelectorAll("form[data-live]")[at];
    if (!fresh) continue;
    for (const field of form.querySelectorAll("input[type=hidden]")) field.remove();
    form.prepend(...[...fresh.querySelectorAll("input[type=hidden]")].map((field) => document.adoptNode(field)));
    for (const field of fresh.elements) {
      const shown = field.id && document.getElementById(field.id);
      if (shown && shown !== document.activeElement) shown.value = field.value;
    }
  }
}

function queryOf(form) {
  const kept = [...new FormData(form)].filter(([, value]) => value !== "");
  return `${addressOf(form)}?${new URLSearchParams(kept)}`;
}

function liveLists() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !isOurs(link.href)) return;
    event.preventDefault();
    showList(link.href, true);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live]");
    if (form && event.target.type !== "search") showList(queryOf(form), false);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-live]")) return;
    event.preventDefault();
    showList(queryOf(event.target), false);
  });
  addEventListener("popstate", () => location.reload());
}

// --- one press, one request ---
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

// --- previews: the server reckons, with the code that saves ---
async function preview(form, submitter) {
  const mine = ++latest;
  const check = submitter ?? form.querySelector('[data-check][value="check"]');
  const page = await fetchPage(addressOf(form), { method: "POST", body: new FormData(form, check) }).catch(() => null);
  if (!page || mine !== latest) return;
  if (submitter) {
    for (const field of page.document.querySelectorAll("form[data-preview] input:not([type=hidden])")) {
      const shown = field.id && document.getElementById(field.id);
      if (shown) shown.value = field.value;
    }
  }
  swapParts(page.document);
}

function livePreview() {
  let pause;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-preview]");
    if (!form) return;
    clearTimeout(pause);
    pause = setTimeout(() => preview(form), 400);
  });
  document.addEventListener("submit", (event) => {
    if (!event.submitter?.matches("[data-check]")) return;
    event.preventDefault();
    clearTimeout(pause);
    preview(event.target, event.submitter);
  }, true);
}

// --- progress: the part is read again as long as it asks for it, slower and slower while nobody answers ---
function poll(part, seconds = Number(part.dataset.poll)) {
  setTimeout(async () => {
    if (!part.isConnected) return;
    const page = document.hidden ? null : await fetchPage(location.href).catch(() => null);
    if (page) swapParts(page.document);
    if (part.isConnected) poll(part, document.hidden ? seconds : Math.min(seconds * 2, 60));
  }, seconds * 1000);
}

// --- decisions in a dialog instead of on a page ---
function dialogs() {
  document.addEventListener("click", async (event) => {
    const opener = event.target.closest("a[data-dialog]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || !isOurs(opener.href)) return;
    event.preventDefault();
    const page = await fetchPage(opener.href).catch(() => null);
    const content = page?.document.querySelector("[data-dialog-content]");
    if (!content) return location.assign(opener.href);
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", content.getAttribute("aria-labelledby"));
    dialog.append(document.adoptNode(content));
    dialog.addEventListener("close", () => { dialog.remove(); opener.focus(); });
    document.body.append(dialog);
    dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    const dialog = event.target.closest("dialog [data-close]")?.closest("dialog");
    if (!dialog) return;
    event.preventDefault();
    dialog.close();
  });
}

// --- menus close on Escape, on a press elsewhere, and when another opens ---
function menus() {
  const closeAll = (except) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeAll(event.target.closest("[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("[data-menu][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

// --- ticks: select all on this page, and how many ---
function countTicks(table) {
  const all = table.querySelector("[data-tick-all]");
  const boxes = [...table.querySelectorAll("tbody .at-tick input")];
  const ticked = boxes.filter((box) => box.checked).length;
  if (all) [all.checked, all.indeterminate] = [ticked > 0 && ticked === boxes.length, ticked > 0 && ticked < boxes.length];
  const told = table.closest("form")?.querySelector("[data-selected]");
  if (told) told.textContent = `${ticked} selected`;
}

function ticks() {
  document.addEventListener("change", (event) => {
    const table = event.target.closest("table");
    if (!table || event.target.type !== "checkbox") return;
    if (event.target.matches("[data-tick-all]")) {
      for (const box of table.querySelectorAll("tbody .at-tick input")) box.checked = event.target.checked;
    }
    countTicks(table);
  });
}

// --- keys and printing ---
function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, select, textarea")) return;
    const search = document.querySelector("[data-slash]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  });
  document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());
}

/** What must be done again for parts that were swapped in. */
function improve(root) {
  for (const part of root.querySelectorAll("[data-poll]:not([data-polled])")) {
    part.dataset.polled = "yes";
    poll(part);
  }
  for (const hidden of root.querySelectorAll("[data-print][hidden], [data-tick-all][hidden]")) hidden.hidden = false;
  for (const all of root.querySelectorAll("[data-tick-all]")) countTicks(all.closest("table"));
}

for (const behaviour of [liveLists, sendOnce, livePreview, dialogs, menus, ticks, keys]) behaviour();
improve(document);
document.querySelector("[data-focus]")?.focus();
document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
