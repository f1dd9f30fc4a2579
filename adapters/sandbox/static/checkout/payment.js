// The payment step: store credit, methods, card fields, the button.
(function (parts) {
  'use strict';
  const {h, region} = parts;
  const CARD = [
    ['ccNumber', 'Credit Card Number', 'cc-number'], ['ccExpiry', 'Expiration', 'cc-exp'],
    ['ccName', 'Name on Card', 'cc-name'], ['ccCvv', 'CVV', 'cc-csc'],
  ];

  function cardFields(app) {
    return h('div', {class: 'form-ccFields'}, CARD.map(([id, label, complete]) =>
      h('div', {class: 'form-field form-field--' + id},
        h('label', {class: 'form-label', for: id}, label),
        h('input', {class: 'form-input', id, name: id, autocomplete: complete, inputmode: id === 'ccName' ? 'text' : 'numeric', value: app.state.card[id] || '',
          required: true, oninput: (event) => { app.state.card[id] = event.target.value; }}))));
  }

  function methodBody(method, app) {
    if (method.method === 'credit-card') return cardFields(app);
    if (method.method === 'ach') return h('p', {}, 'Your bank is asked for the amount. It arrives in two to four working days.');
    return h('p', {'data-test': 'offline-payment-method'}, 'You will be told how to pay after you have placed the order.');
  }

  function methodItem(method, app) {
    const picked = method.id === app.state.method;
    const id = 'radio-' + (method.gateway ? method.gateway + '-' : '') + method.id;
    return h('li', {class: 'form-checklist-item optimizedCheckout-form-checklist-item' + (picked ? ' form-checklist-item--selected optimizedCheckout-form-checklist-item--selected' : '')},
      h('div', {class: 'form-checklist-header' + (picked ? ' form-checklist-header--selected' : '')},
        h('div', {class: 'form-field'},
          h('input', {type: 'radio', class: 'form-checklist-checkbox', id, name: 'paymentProviderRadio', value: method.id, checked: picked, onchange: () => app.set({method: method.id})}),
          h('label', {for: id, class: 'form-label', 'data-test': 'payment-method-' + method.id},
            h('span', {class: 'paymentProviderHeader-name', 'data-test': 'payment-method-name'}, method.config.displayName)))),
      picked && h('div', {class: 'form-checklist-body'}, methodBody(method, app)));
  }

  function storeCredit(app) {
    const credit = app.state.checkout.customer.storeCredit;
    return h('fieldset', {class: 'form-fieldset'},
      h('label', {class: 'form-checkbox', for: 'useStoreCredit'},
        h('input', {type: 'checkbox', id: 'useStoreCredit', name: 'useStoreCredit', checked: app.state.checkout.isStoreCreditApplied,
          onchange: (event) => app.run(() => app.storeCredit(event.target.checked))}),
        ' Apply ' + parts.money(credit, app.state.checkout.cart.currency) + ' store credit to order'));
  }

  function content(app) {
    const checkout = app.state.checkout;
    const form = h('form', {class: 'checkout-form', 'data-test': 'payment-form', novalidate: false});
    form.sandboxFill = () => {
      const covered = checkout.isStoreCreditApplied && app.state.checkout.outstandingBalance === 0;
      region(form, 'credit', app.state.checkout.customer.storeCredit ? [app.state.checkout.isStoreCreditApplied] : null, () => storeCredit(app));
      region(form, 'methods', [app.state.methods, app.state.method, app.state.checkout.outstandingBalance, covered], () =>
        h('fieldset', {class: 'form-fieldset'}, h('legend', {class: 'form-legend is-srOnly'}, 'Payment Methods'),
          covered && h('div', {'data-test': 'payment-store-credit-overlay', class: 'storeCreditOverlay'}, 'Payment is not required for this order.'),
          !covered && h('ul', {class: 'form-checklist optimizedCheckout-form-checklist'}, app.state.methods.map((method) => methodItem(method, app)))));
      region(form, 'po', app.asksPo ? [] : null, () => h('fieldset', {class: 'form-fieldset'},
        h('label', {class: 'form-label', for: 'poNumber'}, 'PO Number (Optional)'),
        h('input', {class: 'form-input', id: 'poNumber', name: 'poNumber', maxlength: 50, oninput: (event) => { app.state.poNumber = event.target.value; }})));
      region(form, 'redeemables', [], () => h('fieldset', {class: 'form-fieldset redeemable-payments'},
        h('a', {href: '#', class: 'redeemable-label', 'data-test': 'redeemable-label', onclick: (event) => event.preventDefault()}, 'Coupon/Gift Certificate')));
      region(form, 'submit', [app.state.busy], () => h('div', {class: 'form-actions'},
        h('button', {class: 'button button--action button--large optimizedCheckout-buttonPrimary', id: 'checkout-payment-continue', 'data-test': 'payment-submit-button', disabled: app.state.busy},
          app.state.busy ? 'Please wait…' : 'Place Order')));
    };
    form.sandboxFill();
    return form;
  }

  parts.payment = function (app) {
    return parts.steps.frame('payment', 'Payment', app, () => '', () => content(app));
  };
})(window.sandboxCheckout);
