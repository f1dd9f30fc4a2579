// Small tools of the make-believe checkout: building nodes, calling the storefront API, writing money.
window.sandboxCheckout = (function () {
  'use strict';

  function h(tag, props) {
    const node = document.createElement(tag);
    Object.entries(props || {}).forEach(([name, value]) => {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (name in node && typeof value === 'boolean') node[name] = value;
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
    });
    Array.from(arguments).slice(2).flat().forEach((child) => {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    });
    return node;
  }

  async function api(method, path, body) {
    const answer = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : {'Content-Type': 'application/json'},
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const data = text ? JSON.parse(text) : null;
    if (!answer.ok) {
      const first = data && data.errors && data.errors[0];
      throw new Error((first && first.message) || (data && data.title) || 'Something went wrong.');
    }
    return data;
  }

  function money(amount, currency) {
    return new Intl.NumberFormat('en-US', {style: 'currency', currency: currency.code}).format(amount);
  }

  // Keeps a part of the page as long as what it shows is the same, else builds it anew: nodes come and
  // go as they do under the real application, and nodes that others put beside ours are left alone.
  function region(parent, key, shows, build) {
    const signature = JSON.stringify(shows);
    const old = Array.from(parent.children).find((child) => child.sandboxKey === key);
    if (shows === null) {
      if (old) old.remove();
      return null;
    }
    if (old && old.sandboxSignature === signature) return old;
    const fresh = build();
    fresh.sandboxKey = key;
    fresh.sandboxSignature = signature;
    if (old) old.replaceWith(fresh);
    else parent.append(fresh);
    return fresh;
  }

  function modal(id, title, content, onClose) {
    const close = () => {
      portal.remove();
      document.body.classList.remove('has-activeModal');
      if (onClose) onClose();
    };
    const portal = h('div', {class: 'ReactModalPortal'},
      h('div', {class: 'modalOverlay'},
        h('div', {class: 'modal', role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': id + '-title'},
          h('div', {class: 'modal-header'},
            h('h2', {class: 'modal-header-title', 'data-test': 'modal-heading', id: id + '-title'}, title),
            h('button', {class: 'cart-modal-close', type: 'button', 'aria-label': 'Close', onclick: close}, '×')),
          h('div', {class: 'modal-body', 'data-test': 'modal-body'}, content))));
    document.body.append(portal);
    document.body.classList.add('has-activeModal');
    portal.querySelector('.cart-modal-close').focus();
    portal.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
    return {close, node: portal};
  }

  function allItems(lineItems) {
    return [].concat(lineItems.physicalItems, lineItems.digitalItems, lineItems.customItems || []);
  }

  return {h, api, money, region, modal, allItems};
})();
