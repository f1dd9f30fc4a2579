// Starts the make-believe checkout: state, which step is open, placing the order.
(function (parts) {
  'use strict';
  const {h, api, region, modal, Summary} = parts;

  function summaryView(app) {
    const checkout = app.state.checkout;
    const cart = checkout.cart;
    const coupon = checkout.coupons.reduce((sum, one) => sum + one.discountedAmount, 0);
    return {
      currency: cart.currency,
      lineItems: cart.lineItems,
      subtotal: checkout.subtotal,
      coupon,
      discount: cart.discountAmount,
      shipping: checkout.shippingCostTotal,
      tax: checkout.taxTotal,
      taxName: (checkout.taxes[0] || {name: 'Tax'}).name,
      taxIncluded: cart.isTaxIncluded,
      storeCredit: checkout.grandTotal - checkout.outstandingBalance,
      total: checkout.outstandingBalance,
      editable: true,
      onCoupon: (code) => app.run(() => api('POST', app.path('/coupons'), {couponCode: code})),
    };
  }

  function makeApp(options) {
    const app = {
      state: {checkout: null, methods: [], method: '', active: '', chosen: {}, card: {}, guestEmail: '', poNumber: '', busy: false, credited: false},
      home: options.home || 'US',
      asksPo: Boolean(options.asksPo),
    };
    app.path = (rest) => '/api/storefront/checkouts/' + options.checkoutId + rest;
    app.email = () => app.state.checkout.customer.email || app.state.guestEmail || app.state.checkout.billingAddress.email || '';
    app.needsShipping = () => app.state.checkout.requiresShipping;
    app.order = () => ['customer', 'shipping', 'billing', 'payment'].filter((name) => name !== 'shipping' || app.needsShipping());
    app.isDone = (name) => {
      const checkout = app.state.checkout;
      if (name === 'customer') return !checkout.customer.isGuest || Boolean(app.email());
      if (name === 'shipping') return Boolean(checkout.consignments[0] && checkout.consignments[0].selectedShippingOption);
      if (name === 'billing') return Boolean(checkout.billingAddress.countryCode && checkout.billingAddress.address1);
      return false;
    };
    app.isEditable = (name) => name !== 'customer' || app.state.checkout.customer.isGuest;
    app.goTo = (name) => app.set({active: name});
    app.choose = (kind, which) => app.set({chosen: Object.assign({}, app.state.chosen, {[kind]: which})});
    app.set = (change) => { Object.assign(app.state, change); app.render(); };
    app.storeCredit = (wanted) => api(wanted ? 'POST' : 'DELETE', app.path('/store-credit'), wanted ? {} : undefined);
    app.reload = async () => {
      app.state.checkout = await api('GET', app.path('?include=cart.lineItems.customItems.categoryNames'));
      app.render();
    };
    app.fail = (error) => modal('error', 'Something’s gone wrong', h('p', {id: 'errorModalMessage'}, error.message));
    app.run = async (work) => {
      try {
        await work();
      } catch (error) {
        app.fail(error);
      }
      await app.reload();
    };
    return app;
  }

  function renderer(app, root) {
    const main = h('div', {class: 'layout-main'});
    const layout = h('div', {class: 'layout optimizedCheckout-contentPrimary'}, main);
    const steps = h('ol', {class: 'checkout-steps'});
    main.append(steps);
    root.append(h('div', {id: 'checkout-page-container', 'data-test': 'checkout-page-container'}, layout));
    const summary = Summary(layout, () => summaryView(app));
    return () => {
      const order = app.order();
      const state = app.state;
      const next = order.find((name) => !app.isDone(name)) || 'payment';
      if (!state.active || !order.includes(state.active) || order.indexOf(state.active) > order.indexOf(next)) state.active = next;
      Array.from(steps.children).forEach((child) => { if (!order.includes(child.sandboxKey)) child.remove(); });
      order.forEach((name) => {
        const shows = name === 'payment' ? [state.active] : [state.active, state.checkout, state.chosen, state.guestEmail];
        const build = name === 'payment' ? parts.payment : parts.steps[name];
        const node = region(steps, name, shows, () => build(app));
        const form = node.querySelector('[data-test="payment-form"]');
        if (form) form.sandboxFill();
      });
      order.forEach((name, index) => {
        const node = Array.from(steps.children).find((child) => child.sandboxKey === name);
        if (steps.children[index] !== node) steps.insertBefore(node, steps.children[index] || null);
      });
      summary.render();
      if (state.active === 'payment') enterPayment(app);
    };
  }

  // The page applies store credit by itself when the payment step opens for the first time.
  function enterPayment(app) {
    const checkout = app.state.checkout;
    if (app.state.credited || !checkout.customer.storeCredit || checkout.isStoreCreditApplied) return;
    app.state.credited = true;
    app.run(() => app.storeCredit(true));
  }

  async function placeOrder(app) {
    const state = app.state;
    await api('GET', '/api/storefront/checkout/' + state.checkout.id);
    const placed = await api('POST', '/internalapi/v1/checkout/order', {
      cartId: state.checkout.cart.id,
      useStoreCredit: state.checkout.isStoreCreditApplied,
      payment: {methodId: state.method},
      poNumber: state.poNumber,
    });
    const order = placed.data.order;
    if (!order.isComplete) {
      await api('POST', '/api/public/v1/orders/payments', {
        orderId: order.orderId, payment: {methodId: state.method, number: state.card.ccNumber || ''},
      });
    }
    window.location.replace('/checkout/order-confirmation');
  }

  function onSubmit(app) {
    return async (event) => {
      if (event.target.getAttribute('data-test') !== 'payment-form') return;
      event.preventDefault();
      if (app.state.busy) return;
      app.set({busy: true});
      try {
        await placeOrder(app);
      } catch (error) {
        app.set({busy: false});
        app.fail(error);
        await app.reload();
      }
    };
  }

  async function renderCheckout(options) {
    const app = makeApp(options);
    const root = document.getElementById(options.containerId);
    app.render = renderer(app, root);
    // Listens at the root, as the real application's framework does.
    root.addEventListener('submit', onSubmit(app));
    app.state.checkout = await api('GET', app.path('?include=cart.lineItems.customItems.categoryNames'));
    app.state.methods = await api('GET', '/api/storefront/payments?cartId=' + options.checkoutId);
    app.state.method = app.state.methods.length ? app.state.methods[0].id : '';
    app.render();
  }

  document.body.style.display = 'none';
  window.checkoutLoader = {
    loadFiles: () => Promise.resolve().then(() => {
      document.body.style.display = '';
      return {renderCheckout, renderOrderConfirmation: parts.renderOrderConfirmation};
    }),
  };
})(window.sandboxCheckout);
