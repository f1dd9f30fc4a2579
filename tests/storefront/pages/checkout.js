// Stands for the real checkout: it owns #checkout-app, draws it after a moment, and draws it anew, losing whatever
// others put inside, after every choice. Switches in `page`: delay, credit, foreign totals, noForm.
const state = JSON.parse(document.getElementById('state').textContent);
const app = document.getElementById('checkout-app');
const page = { delay: 50, credit: null, total: '$5,875.00', shipping: '$0.00', chosen: 'radio-cheque', ...state.page };
const methods = (page.methods ?? state.gateways.map((each) => each.id)).map((id) => state.gateways.find((each) => each.id === id));

const row = (name, label, value) => `<div class="cart-row" data-test="${name}"><span data-test="cart-price-label">${label}</span><span data-test="cart-price-value">${value}</span></div>`;

function summary() {
  const lines = Object.values(state.cart?.lineItems ?? {}).flat().slice(0, 4);
  return `<article class="cart" data-test="cart"><header class="cart-header"><h3 class="cart-title">Order summary</h3>
    <a href="/cart.php" id="cart-edit-link" data-test="cart-edit-link">Edit cart</a></header>
    ${lines.map((each) => `<div data-test="cart-item"><span data-test="cart-item-product-title">1 x ${each.name}</span>
      <ul data-test="cart-item-product-options"><li data-test="cart-item-digital-product">Digital item</li></ul></div>`).join('')}
    ${row('cart-subtotal', 'Subtotal', page.total)}${row('cart-shipping', 'Shipping', page.shipping)}
    ${page.credit ? row('cart-store-credit', 'Store credit', page.credit) : ''}${row('cart-total', 'Total (USD)', page.total)}
    <a class="redeemable-label" data-test="redeemable-label" href="#coupon">Coupon or gift certificate</a></article>`;
}

function paymentStep() {
  return `<form class="checkout-form" data-test="payment-form">
    ${page.credit !== null && page.creditBox !== false ? `<div class="form-field"><input type="checkbox" id="useStoreCredit" ${page.credit ? 'checked' : ''}><label for="useStoreCredit">Apply store credit</label></div>` : ''}
    <ul class="form-checklist">${methods.map((each) => `<li class="form-checklist-item"><input type="radio" name="paymentProviderRadio"
      id="${each.id}" ${page.chosen === each.id ? 'checked' : ''}><label for="${each.id}" data-test="payment-method-name">${each.name}</label></li>`).join('')}</ul>
    <fieldset class="redeemable-payments"><a class="redeemable-label" href="#coupon">Coupon</a></fieldset>
    <button class="button button--primary" id="checkout-payment-continue">Place order</button></form>`;
}

function draw() {
  const confirmation = `<div class="layout-main"><div class="orderConfirmation"><h1 data-test="order-confirmation-heading">Thank you!</h1>
    <p data-test="order-confirmation-order-number-text">Your order number is <strong>501</strong></p>
    <div class="continueButtonContainer"><a href="/">Continue shopping</a></div></div></div>`;
  const checkout = `<div class="layout-main"><ol class="checkout-steps"><li class="checkout-step checkout-step--billing">
    <h2 class="stepHeader-title">Billing</h2><form id="billing"><div data-test="checkout-shipping-comments"><label>Order comments <input name="orderComment"></label></div><button>Continue</button></form></li>
    <li class="checkout-step checkout-step--payment"><h2 class="stepHeader-title">Payment</h2>${paymentStep()}</li></ol></div>`;
  app.innerHTML = `<div id="checkout-page-container" data-test="checkout-page-container"><div class="layout">
    ${state.mode === 'checkout' ? checkout : confirmation}<aside class="layout-cart">${summary()}</aside></div></div>`;
}

app.addEventListener('change', (event) => {
  if (event.target.name === 'paymentProviderRadio') page.chosen = event.target.id;
  if (event.target.id === 'useStoreCredit') page.credit = event.target.checked ? '-$10.00' : '';
  draw();
});
// React listens at its root: a veto must come before.
app.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target.matches('[data-test="payment-form"]')) location.replace('/checkout/order-confirmation');
  else document.body.dataset.billing = 'sent';
});
// What a test does to the page from outside, as a change of totals by the store.
window.redraw = (change) => { Object.assign(page, change); draw(); };
setTimeout(draw, page.delay);
