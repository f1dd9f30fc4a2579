/* Improves pages that work without it. Each behaviour stands alone and finds its elements by data-attributes.
   Pages are fetched as pages and their parts swapped in whole: no text is ever turned into markup here.

   data-part="name"        a part of the page that is replaced by the part of that name of a fetched page
   a data-swap             shows its address without a reload: filters, sorting, paging; the focus goes to the count line
   form data-live          a GET form of filters: applies on change
   data-count              the line the focus goes to after a list was swapped (tabindex="-1", aria-live is not needed)
   data-poll="seconds"     a part that is read again after so many seconds, for as long as it carries the attribute:
                           progress bars; put aria-live="polite" on what shall be read out. What one types in is left alone
   form data-preview       POSTed as one types with its [data-check] button, the server's reckoning is swapped in
   button data-check       sends the form for a preview, without a reload
   form data-inline        sent without a reload: a refusal stands beside its field at once, a success is shown as its page
   form data-once          one press, one request
   form data-guard         asks before one leaves with changes that are not saved
   a data-dialog           opens the [data-dialog-content] of its page in a dialog (parts/page.html: confirm)
   data-close              closes the dialog around it
   details data-menu       closes on Escape, on a press elsewhere and when another opens
   data-tick-all           ticks all .at-tick boxes of its table; [data-selected="… {n} …"] in the form says how many
   data-tick-head="name"   in a [data-tick-group]: switches the group's boxes of that name, and shows what they are
   data-flash              an outcome: read out, can be closed, good ones go by themselves
   data-slash              gets the focus by the key "/";  data-print  prints;  data-focus  has the focus at first */

/** Whether `target` lies on our own origin; everything else is left to the browser. */
const isOurs = (target) => new URL(target, location.href).origin === location.origin;

/** Fetches a page of ours. Answers null when it is not a page, or nobody is signed in any more. */
async function fetchPage(url, options = {}) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin", ...options });
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html") || answer.status === 401) return null;
  const document = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { url: answer.url, isRefused: !answer.ok, document };
}

/** Where a form is sent; `form.action` would be a button of that name. */
const addressOf = (form) => form.getAttribute("action").split("?")[0];

const partsOf = (root) => [...root.querySelectorAll("[data-part]")];

/** How to find the focused element again after its surroundings were replaced. */
function focusPath() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const part = at.closest("[data-part]")?.dataset.part;
  const by = at.id ? `#${CSS.escape(at.id)}`
    : at.name ? `${at.localName}[name="${CSS.escape(at.name)}"]${at.value ? `[value="${CSS.escape(at.value)}"]` : ""}`
    : at.matches("summary") ? `summary[aria-label="${CSS.escape(at.getAttribute("aria-label") ?? "")}"]`
    : at.matches("a[href]") ? `a[href="${CSS.escape(at.getAttribute("href"))}"]` : "";
  return { at, part, by };
}

/** Gives the focus back to what had it, else to the part it was in: it is never lost to the top of the page. */
function restoreFocus(path) {
  if (!path || path.at.isConnected) return;
  const part = path.part && document.querySelector(`[data-part="${CSS.escape(path.part)}"]`);
  const again = (path.by && document.querySelector(path.by)) || part?.querySelector("[data-count]") || part;
  if (!again) return document.getElementById("content")?.focus();
  if (again === part) part.tabIndex = -1;
  again.focus({ preventScroll: true });
}

const isBeingTyped = (part) => part.contains(document.activeElement)
  && document.activeElement.matches("input, select, textarea");

/** Replaces each part of this page by the part of the same name in the other one; keeps the focus. */
function swapParts(other, mayReplace = () => true) {
  const path = focusPath();
  let swapped = 0;
  for (const part of partsOf(document)) {
    const fresh = other.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!fresh || !part.isConnected || !mayReplace(part)) continue;
    part.replaceWith(document.adoptNode(fresh));
    swapped += 1;
  }
  restoreFocus(path);
  improve(document);
  return swapped;
}

/** Shows a fetched page in place of this one, as if the browser had gone there. */
function showPage(page) {
  const address = new URL(page.url);
  if (address.href !== location.href) goTo(address);
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  document.title = page.document.title;
  for (const name of [".sections", ".page"]) {
    const [mine, fresh] = [document.querySelector(name), page.document.querySelector(name)];
    if (mine && fresh) mine.replaceWith(document.adoptNode(fresh));
  }
  improve(document);
  const first = document.querySelector("[data-focus]") ?? document.getElementById("content");
  if (!page.isRefused) scrollTo(0, 0);
  first?.focus({ preventScroll: !page.isRefused });
}

/** Without its fragment: going to a place on the same page is no other page. */
const pageAddress = () => location.pathname + location.search;
let shown = pageAddress();

function goTo(address) {
  history.pushState({ swapped: true }, "", address);
  shown = pageAddress();
}

// --- lists: filters, pills, sorting and paging without a full reload ---
let latest = 0;

async function showList(url, focusCount) {
  const mine = ++latest;
  const lists = document.querySelectorAll('[data-part="list"]');
  for (const list of lists) list.setAttribute("aria-busy", "true");
  const page = await fetchPage(url).catch(() => undefined);
  if (mine !== latest) return;
  if (page === undefined) {
    for (const list of lists) list.removeAttribute("aria-busy");
    return say(document.body.dataset.unsent, "error");
  }
  if (!page || !swapParts(page.document)) return location.assign(url);
  goTo(page.url);
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
  addEventListener("popstate", () => pageAddress() !== shown && location.reload());
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

// --- forms without a reload: what is refused stands beside its field, what is done is shown as its page ---
async function sendInline(form, submitter) {
  const page = await fetchPage(form.getAttribute("action") || location.href, {
    method: "POST", body: new FormData(form, submitter),
  }).catch(() => undefined);
  delete form.dataset.sent;
  submitter?.removeAttribute("aria-busy");
  if (page === undefined) return say(document.body.dataset.unsent, "error");
  if (page === null) return location.reload();
  unguard(form);
  const dialog = form.closest("dialog");
  const again = page.isRefused && page.document.querySelector("[data-dialog-content]");
  if (!dialog || !again) return showPage(page);
  dialog.replaceChildren(document.adoptNode(again));
  improve(dialog);
  (dialog.querySelector("[data-focus]") ?? dialog.querySelector("input, button"))?.focus();
}

function inlineForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-inline]") || event.defaultPrevented) return;
    event.preventDefault();
    sendInline(form, event.submitter);
  });
}

// --- changes that are not saved ---
const unguard = (form) => delete form.dataset.changed;

function guardChanges() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.changed = "yes";
  });
  document.addEventListener("submit", (event) => event.defaultPrevented || unguard(event.target));
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });
}

// --- outcomes: read out, can be closed, good ones go by themselves ---
const FLASH_SECONDS = 10;

/** A sentence of ours that the server could not say. */
function say(sentence, tone) {
  const flashes = document.querySelector(".flashes");
  if (!sentence || !flashes) return;
  const flash = document.createElement("div");
  flash.className = `flash ${tone}`;
  flash.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  flashes.append(flash);
}

/** A live region only tells what comes into it later, so each outcome is put in once more. */
function showFlash(flash) {
  flash.dataset.shown = "yes";
  const close = flash.querySelector("[data-dismiss]");
  if (close) close.hidden = false;
  close?.addEventListener("click", () => {
    flash.remove();
    document.getElementById("content")?.focus({ preventScroll: true });
  });
  setTimeout(() => flash.parentNode?.append(flash), 100);
  if (!flash.matches(".success, .info")) return;
  const leave = () => setTimeout(() => flash.matches(":hover, :focus-within") ? leave() : flash.remove(), FLASH_SECONDS * 1000);
  leave();
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
    if (page) swapParts(page.document, (other) => !isBeingTyped(other) && !other.closest("form[data-changed]"));
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
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener.closest("details[data-menu]")?.removeAttribute("open");
      (opener.closest("details[data-menu]")?.querySelector("summary") ?? opener).focus();
    });
    document.body.append(dialog);
    improve(dialog);
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
  if (told) told.textContent = (told.dataset.selected || "{n} selected").replace("{n}", ticked);
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

// --- a box at the head of a group of boxes with one name ---
const groupOf = (head) => [...head.closest("[data-tick-group]").querySelectorAll("input")].filter((box) => box.name === head.dataset.tickHead);

function showHead(head) {
  const boxes = groupOf(head);
  const ticked = boxes.filter((box) => box.checked).length;
  head.checked = ticked > 0 && ticked === boxes.length;
  head.indeterminate = ticked > 0 && ticked < boxes.length;
}

function tickGroups() {
  document.addEventListener("change", (event) => {
    const group = event.target.closest("[data-tick-group]");
    if (!group) return;
    const head = event.target.closest("[data-tick-head]");
    if (head) for (const box of groupOf(head)) box.checked = head.checked;
    for (const one of group.querySelectorAll("[data-tick-head]")) showHead(one);
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
  for (const head of root.querySelectorAll("[data-tick-head]")) {
    head.parentElement.hidden = false;
    showHead(head);
  }
  for (const form of root.querySelectorAll("form[data-guard]")) if (form.querySelector("[aria-invalid]")) form.dataset.changed = "yes";
  for (const flash of root.querySelectorAll("[data-flash]:not([data-shown])")) showFlash(flash);
}

for (const behaviour of [liveLists, livePreview, sendOnce, inlineForms, guardChanges, dialogs, menus, ticks, tickGroups, keys]) behaviour();
document.documentElement.classList.add("scripted");
improve(document);
document.querySelector("[data-focus]")?.focus();
document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
