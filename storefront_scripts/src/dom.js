/** Log and go on: whatever happens here, the shop around us must keep working. */
export function report(error) {
  console.warn('Invoice Portal:', error);
}

/** Wrap a handler so that neither a throw nor a rejection leaves it. */
export function safely(act) {
  return (...args) => {
    try {
      const outcome = act(...args);
      outcome?.catch?.(report);
      return outcome;
    } catch (error) {
      report(error);
    }
  };
}

/** Wait so many milliseconds. */
export function sleep(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** Let a burst of calls cause one run, with the next frame. */
export function batched(act) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(safely(() => {
      waiting = false;
      act();
    }));
  };
}

/** Call `act`, batched, after every change of the page. Returns a function that ends it. */
export function watchPage(act) {
  const observer = new MutationObserver(batched(act));
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}

/**
 * Build an element: h('p.class', {attributes and listeners}, ...children), the middle part optional. Strings become text
 * nodes, so nothing a server says can turn into markup.
 */
export function h(tag, ...rest) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name);
  const props = rest[0]?.constructor === Object ? rest.shift() : {};
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(props)) {
    if (!value) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), safely(value));
    else node.setAttribute(key, value === true ? '' : value);
  }
  return fill(node, ...rest);
}

/** Replace what a node holds; absent parts (null, false, '' and the like) are left out. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(2).filter(Boolean));
  return node;
}

/** Switch a class, touching the page only when it changes. */
export function flag(node, name, on) {
  if (node.classList.contains(name) !== on) node.classList.toggle(name, on);
}

/** Put text into a node, touching the page only when it changes (live regions would repeat it). */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Tell whoever is around `node` that something happened. */
export function send(node, name, detail) {
  node.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

/** Hand a style sheet to the document without a style element: a store's content policy may forbid those.
 * Returns a function that replaces its text. */
export function adopt(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return (text) => sheet.replaceSync(text);
}
