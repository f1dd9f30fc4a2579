// The steps before payment: who, where to, billing.
(function (parts) {
  'use strict';
  const {h, api, money} = parts;
  const FIELDS = [
    ['firstName', 'First Name', 'given-name', true], ['lastName', 'Last Name', 'family-name', true],
    ['company', 'Company Name', 'organization', false], ['phone', 'Phone Number', 'tel', false],
    ['address1', 'Address', 'address-line1', true, 'addressLine1Input'], ['address2', 'Apartment, floor', 'address-line2', false, 'addressLine2Input'],
    ['city', 'City', 'address-level2', true], ['countryCode', 'Country', 'country', true],
    ['stateOrProvince', 'State or Province', 'address-level1', false, 'provinceCodeInput'], ['postalCode', 'Postal Code', 'postal-code', true, 'postCodeInput'],
  ];
  const COUNTRIES = {US: 'United States', GB: 'United Kingdom', DE: 'Germany', SE: 'Sweden', CA: 'Canada'};

  function frame(name, title, app, summary, content) {
    const active = app.state.active === name;
    const done = app.isDone(name);
    const head = h('div', {class: 'checkout-view-header'},
      h('div', {class: 'stepHeader' + (active ? '' : ' is-readonly')},
        h('div', {class: 'stepHeader-figure stepHeader-column'},
          h('div', {class: 'stepHeader-counter optimizedCheckout-step' + (done ? ' stepHeader-counter--complete' : '')}, done ? '✓' : ''),
          h('h2', {class: 'stepHeader-title optimizedCheckout-headingPrimary'}, title)),
        !active && done && h('div', {class: 'stepHeader-body stepHeader-column', 'data-test': 'step-info'}, summary()),
        !active && done && app.isEditable(name) && h('div', {class: 'stepHeader-actions stepHeader-column'},
          h('button', {type: 'button', class: 'button button--tertiary button--small', 'data-test': 'step-edit-button', 'aria-label': 'Edit ' + title,
            onclick: () => app.goTo(name)}, 'Edit'))));
    const step = h('li', {class: 'checkout-step checkout-step--' + name + ' optimizedCheckout-checkoutStep'}, head);
    if (active) step.append(h('div', {class: 'checkout-view-content'}, content()));
    return step;
  }

  function staticAddress(address) {
    const place = [address.city, address.stateOrProvince, address.postalCode].filter(Boolean).join(', ');
    return h('div', {class: 'vcard checkout-address--static', 'data-test': 'static-address'},
      [address.firstName + ' ' + address.lastName, address.company, address.address1, address.address2, place, address.country || COUNTRIES[address.countryCode]]
        .filter(Boolean).map((text) => h('p', {class: 'address-entry'}, text)));
  }

  function addressForm(values) {
    return h('div', {class: 'checkout-address'}, FIELDS.map(([name, label, complete, needed, id]) => {
      const input = name === 'countryCode'
        ? h('select', {class: 'form-input'}, Object.entries(COUNTRIES).map(([code, text]) => h('option', {value: code, selected: code === values[name]}, text)))
        : h('input', {class: 'form-input', type: name === 'phone' ? 'tel' : 'text', value: values[name] || ''});
      input.id = id || name + 'Input';
      input.name = 'address.' + name;
      input.autocomplete = complete;
      input.required = needed;
      return h('div', {class: 'dynamic-form-field dynamic-form-field--' + name},
        h('label', {class: 'form-label', for: input.id}, label + (needed ? '' : ' (Optional)')), input);
    }));
  }

  function readForm(form) {
    const values = {};
    FIELDS.forEach(([name]) => { values[name] = form.elements['address.' + name].value.trim(); });
    values.country = COUNTRIES[values.countryCode];
    return values;
  }

  // A picker over the shopper's own addresses; "new" opens the form.
  function picker(kind, app, chosen) {
    const own = app.state.checkout.customer.addresses || [];
    const box = h('div', {id: kind + 'Addresses'});
    const useNew = chosen === 'new' || own.length === 0;
    if (own.length) {
      const list = h('ul', {class: 'dropdown-menu', id: 'addressDropdown', hidden: true},
        h('li', {}, h('button', {type: 'button', 'data-test': 'add-new-address', onclick: () => app.choose(kind, 'new')}, 'Enter a new address')),
        own.map((address, index) => h('li', {}, h('button', {type: 'button', 'data-test': 'address-select-option', onclick: () => app.choose(kind, index)}, staticAddress(address)))));
      box.append(h('div', {class: 'dropdown--select'},
        h('button', {type: 'button', id: 'addressToggle', class: 'button--address', 'data-test': 'address-select-button', 'aria-expanded': 'false', onclick: (event) => {
          list.hidden = !list.hidden;
          event.currentTarget.setAttribute('aria-expanded', String(!list.hidden));
        }}, useNew ? 'Enter a new address' : staticAddress(own[chosen || 0])), list));
    }
    if (useNew) box.append(addressForm(app.state.checkout.billingAddress.firstName ? app.state.checkout.billingAddress : {countryCode: app.home}));
    box.read = (form) => (useNew ? readForm(form) : Object.assign({}, own[chosen || 0]));
    return box;
  }

  function comments(app) {
    return h('fieldset', {class: 'form-fieldset', 'data-test': 'checkout-shipping-comments'},
      h('label', {class: 'form-label', for: 'orderComment'}, 'Order Comments'),
      h('input', {class: 'form-input', id: 'orderComment', name: 'orderComment', value: app.state.checkout.customerMessage || ''}));
  }

  async function saveComment(app, form) {
    const text = form.elements.orderComment ? form.elements.orderComment.value : '';
    if (text !== (app.state.checkout.customerMessage || '')) {
      await api('PUT', app.path(''), {customerMessage: text});
    }
  }

  function customer(app) {
    const who = app.state.checkout.customer;
    return frame('customer', 'Customer', app,
      () => h('div', {class: 'customerView', 'data-test': 'checkout-customer-info'},
        h('div', {class: 'customerView-body', 'data-test': 'customer-info'}, app.email()),
        !who.isGuest && h('div', {class: 'customerView-actions'}, h('a', {href: '/login.php?action=logout', class: 'button--tertiary', 'data-test': 'sign-out-link'}, 'Sign Out'))),
      () => h('form', {id: 'checkout-customer-guest', class: 'checkout-form', onsubmit: (event) => {
        event.preventDefault();
        app.set({guestEmail: event.target.elements.email.value.trim(), active: ''});
      }},
        h('label', {class: 'form-label', for: 'email'}, 'Email'),
        h('input', {class: 'form-input', id: 'email', name: 'email', type: 'email', required: true, value: app.state.guestEmail || ''}),
        h('button', {class: 'button', id: 'checkout-customer-continue', 'data-test': 'customer-continue-button'}, 'Continue'),
        h('p', {}, 'Already have an account? ', h('a', {id: 'checkout-customer-login', href: '/login.php?to=/checkout'}, 'Sign in now'))));
  }

  function shipping(app) {
    const ship = app.state.checkout.consignments[0];
    const options = ship ? ship.availableShippingOptions : [];
    const chosen = ship && ship.selectedShippingOption;
    return frame('shipping', 'Shipping', app,
      () => h('div', {}, staticAddress(ship.address), h('p', {class: 'shippingOption'}, chosen.description + ' ', money(chosen.cost, app.state.checkout.cart.currency))),
      () => {
        const box = picker('shipping', app, app.state.chosen.shipping);
        return h('form', {id: 'checkoutShippingAddress', class: 'checkout-form', onsubmit: (event) => {
          event.preventDefault();
          app.run(async () => {
            const form = event.target;
            const address = Object.assign(box.read(form), {email: app.email()});
            if (!ship) {
              await api('POST', app.path('/consignments'), [{address}]);
              return;
            }
            const option = form.elements.shippingOptionIds;
            await api('PUT', app.path('/consignments/' + ship.id), {shippingOptionId: option.value});
            if (form.elements.sameAsBilling.checked) await api('POST', app.path('/billing-address'), address);
            await saveComment(app, form);
            app.state.active = '';
          });
        }},
          h('h3', {class: 'form-legend', 'data-test': 'shipping-address-heading'}, 'Shipping Address'), box,
          h('label', {class: 'form-checkbox'}, h('input', {type: 'checkbox', id: 'sameAsBilling', name: 'sameAsBilling', checked: true}), ' My billing address is the same as my shipping address.'),
          ship && h('fieldset', {id: 'checkout-shipping-options', class: 'form-fieldset'}, h('legend', {class: 'form-legend'}, 'Shipping Method'),
            options.map((option, index) => h('label', {class: 'form-checkbox'},
              h('input', {type: 'radio', name: 'shippingOptionIds', value: option.id, checked: chosen ? chosen.id === option.id : index === 0}),
              ' ' + option.description + ' ', h('strong', {}, money(option.cost, app.state.checkout.cart.currency))))),
          comments(app),
          h('button', {class: 'button', id: 'checkout-shipping-continue'}, ship ? 'Continue' : 'See shipping methods'));
      });
  }

  function billing(app) {
    return frame('billing', 'Billing', app,
      () => staticAddress(app.state.checkout.billingAddress),
      () => {
        const box = picker('billing', app, app.state.chosen.billing);
        return h('form', {id: 'checkoutBillingAddress', class: 'checkout-form', onsubmit: (event) => {
          event.preventDefault();
          app.run(async () => {
            await api('POST', app.path('/billing-address'), Object.assign(box.read(event.target), {email: app.email()}));
            await saveComment(app, event.target);
            app.state.active = '';
          });
        }},
          h('h3', {class: 'form-legend', 'data-test': 'billing-address-heading'}, 'Billing Address'), box,
          !app.needsShipping() && comments(app),
          h('button', {class: 'button', id: 'checkout-billing-continue'}, 'Continue'));
      });
  }

  parts.steps = {customer, shipping, billing, frame};
})(window.sandboxCheckout);
