// The order confirmation page.
(function (parts) {
  'use strict';
  const {h, api, Summary} = parts;

  function statusText(order) {
    if (order.status === 'AWAITING_PAYMENT') {
      return 'Your order is awaiting payment. We will write to you as soon as the payment has arrived.';
    }
    return 'An email will be sent containing information about your purchase.';
  }

  function view(order) {
    return {
      currency: order.currency,
      lineItems: order.lineItems,
      subtotal: order.subtotal,
      discount: order.discountAmount,
      shipping: order.shippingCostTotal,
      handling: order.handlingCostTotal,
      tax: order.taxTotal,
      taxName: 'Tax',
      taxIncluded: order.isTaxIncluded,
      total: order.orderAmount,
      editable: false,
    };
  }

  parts.renderOrderConfirmation = async function (options) {
    const order = await api('GET', '/api/storefront/orders/' + options.orderId + '?include=lineItems.physicalItems,lineItems.digitalItems');
    const layout = h('div', {class: 'layout optimizedCheckout-contentPrimary'});
    document.getElementById(options.containerId).append(layout);
    layout.append(h('div', {class: 'layout-main'},
      h('div', {class: 'orderConfirmation'},
        h('h1', {class: 'optimizedCheckout-headingPrimary', 'data-test': 'order-confirmation-heading'}, 'Thank you ' + order.billingAddress.firstName + '!'),
        h('section', {class: 'orderConfirmation-section'},
          h('p', {'data-test': 'order-confirmation-order-number-text'}, 'Your order number is ', h('strong', {}, String(order.orderId))),
          h('p', {'data-test': 'order-confirmation-order-status-text'}, statusText(order))),
        order.status === 'AWAITING_PAYMENT' && h('section', {class: 'orderConfirmation-section', 'data-test': 'payment-instructions'},
          h('p', {}, 'Please quote your order number with the payment.')),
        h('div', {class: 'continueButtonContainer'}, h('a', {class: 'button button--tertiary', href: '/'}, 'Continue Shopping »')))));
    Summary(layout, () => view(order)).render();
  };
})(window.sandboxCheckout);
