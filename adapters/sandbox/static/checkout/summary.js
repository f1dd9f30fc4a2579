// The order summary: beside the steps on wide pages, in a drawer with a dialog on phones.
(function (parts) {
  'use strict';
  const {h, money, region, modal, allItems} = parts;
  const SHOWN_LINES = 4;
  const wide = window.matchMedia('(min-width: 969px)');

  function line(item, currency, digital) {
    return h('li', {class: 'productList-item'},
      h('div', {class: 'product', 'data-test': 'cart-item'},
        h('div', {class: 'product-body'},
          h('h4', {class: 'product-title', 'data-test': 'cart-item-product-title'}, item.quantity + ' x ' + item.name),
          digital && h('div', {class: 'product-option', 'data-test': 'cart-item-digital-product'}, 'Digital item')),
        h('div', {class: 'product-price', 'data-test': 'cart-item-product-price'}, money(item.extendedListPrice, currency))));
  }

  function row(name, label, amount, currency) {
    return h('div', {'data-test': 'cart-' + name, class: 'cart-priceItem'},
      h('span', {class: 'cart-priceItem-label', 'data-test': 'cart-price-label'}, label),
      h('span', {class: 'cart-priceItem-value', 'data-test': 'cart-price-value'}, money(amount, currency)));
  }

  function couponEntry(view) {
    const box = h('div', {class: 'redeemable'});
    const entry = h('div', {'data-test': 'redeemable-collapsable', class: 'redeemable-entry', hidden: true},
      h('label', {class: 'form-label'}, 'Coupon or gift certificate',
        h('input', {class: 'form-input', 'data-test': 'redeemableEntry-input', name: 'redeemableCode'})),
      h('button', {type: 'button', id: 'applyRedeemableButton', class: 'button button--small', onclick: () => {
        view.onCoupon(entry.querySelector('input').value.trim());
      }}, 'Apply'));
    box.append(h('a', {href: '#', class: 'redeemable-label', 'data-test': 'redeemable-label', onclick: (event) => {
      event.preventDefault();
      entry.hidden = !entry.hidden;
    }}, 'Coupon/Gift Certificate'), entry);
    return box;
  }

  function article(view) {
    const currency = view.currency;
    const items = allItems(view.lineItems);
    const shown = view.expanded ? items : items.slice(0, SHOWN_LINES);
    const digital = new Set(view.lineItems.digitalItems.map((item) => item.id));
    return h('article', {class: 'cart optimizedCheckout-orderSummary', 'data-test': 'cart'},
      h('header', {class: 'cart-header'},
        h('h3', {class: 'cart-title'}, 'Order summary'),
        view.editable
          ? h('a', {class: 'cart-header-link', id: 'cart-edit-link', 'data-test': 'cart-edit-link', href: '/cart.php'}, 'Edit Cart')
          : h('a', {class: 'cart-header-link', id: 'cart-print-link', href: '#', onclick: (event) => { event.preventDefault(); window.print(); }}, 'Print')),
      h('section', {class: 'cart-section'},
        h('h3', {class: 'cart-section-heading', 'data-test': 'cart-count-total'}, items.length + (items.length === 1 ? ' Item' : ' Items')),
        h('ul', {class: 'productList'}, shown.map((item) => line(item, currency, digital.has(item.id)))),
        items.length > SHOWN_LINES && h('div', {class: 'cart-actions'},
          h('button', {type: 'button', class: 'button button--tertiary', onclick: view.onExpand}, view.expanded ? 'See Less' : 'See All'))),
      h('section', {class: 'cart-section'},
        row('subtotal', 'Subtotal', view.subtotal, currency),
        view.coupon ? row('coupon', 'Coupon', -view.coupon, currency) : null,
        view.discount ? row('discount', 'Discounts', -view.discount, currency) : null,
        row('shipping', 'Shipping', view.shipping, currency),
        view.handling ? row('handling', 'Handling', view.handling, currency) : null,
        view.tax && !view.taxIncluded ? row('taxes', view.taxName, view.tax, currency) : null,
        view.storeCredit ? row('store-credit', 'Store credit', -view.storeCredit, currency) : null,
        view.onCoupon && couponEntry(view)),
      h('section', {class: 'cart-section'},
        h('div', {'data-test': 'cart-total', class: 'cart-priceItem cart-priceItem--total'},
          h('span', {class: 'cart-priceItem-label', 'data-test': 'cart-price-label'}, 'Total (' + currency.code + ')'),
          h('span', {class: 'cart-priceItem-value', 'data-test': 'cart-price-value'}, money(view.total, currency))),
        view.tax && view.taxIncluded ? row('taxes', view.taxName + ' included in total', view.tax, currency) : null));
  }

  function drawer(view, again) {
    const items = allItems(view.lineItems);
    return h('div', {class: 'cartDrawer optimizedCheckout-orderSummary'},
      h('div', {class: 'cartDrawer-body'},
        h('h3', {class: 'cartDrawer-items'}, items.length + (items.length === 1 ? ' Item' : ' Items')),
        h('button', {type: 'button', class: 'cartDrawer-link', onclick: () => again.open(view)}, 'Show details')),
      h('div', {class: 'cartDrawer-actions'},
        h('h3', {class: 'cartDrawer-total'}, money(view.total, view.currency))));
  }

  parts.Summary = function (layout, makeView) {
    const again = {expanded: false, dialog: null};
    const withState = () => {
      const view = makeView();
      if (!view) return null;
      view.expanded = again.expanded;
      view.onExpand = () => { again.expanded = !again.expanded; render(); };
      return view;
    };
    again.open = (view) => {
      again.dialog = modal('cart-modal', 'Your order', article(view), () => { again.dialog = null; });
    };
    function render() {
      const view = withState();
      if (!view) return;
      region(layout, 'aside', wide.matches ? view : null, () => h('aside', {class: 'layout-cart'}, article(view)));
      region(layout, 'drawer', wide.matches ? null : view, () => drawer(view, again));
      if (again.dialog) again.dialog.node.querySelector('article').replaceWith(article(view));
    }
    wide.addEventListener('change', () => {
      if (again.dialog) again.dialog.close();
      render();
    });
    return {render};
  };
})(window.sandboxCheckout);
