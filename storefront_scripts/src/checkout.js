import { adopt, batched, fill, flag, h, report, safely, watchPage } from './dom.js';
import { allowedRadios, askShop, kindOf, linesOf } from './cart.js';
import { keep } from './keep.js';
import { amount, cell, column, lead, note, row, table } from './parts.js';
import { learn } from './session.js';
import { putPanel } from './theme.js';
import { day, t, tn } from './text.js';

export const PAYING = 'ip-paying';
const TOTAL = '[data-test="cart-total"] [data-test="cart-price-value"]';
const METHOD = 'input[name="paymentProviderRadio"]';
const PAYMENT_FORM = 'form[data-test="payment-form"], .checkout-step--payment form';

/**
 * The cart of this checkout. Its id is told by an inline tag (`invoicePortal.checkoutId`) or by a custom checkout's
 * configuration; the default page tells none, and the session's cart is it.
 */
async function firstLook() {
  const id = window.invoicePortal?.checkoutId ?? window.checkoutConfig?.checkoutId;
  const checkout = id && (await askShop(`/checkouts/${encodeURIComponent(id)}`));
  return checkout?.cart ?? (await askShop('/carts'))?.[0];
}

/** The panel above the steps: which invoices are paid here, and what stands against it. */
export class CheckoutPanel extends HTMLElement {
  show({ cart, answer, silent, stop }) {
    const currency = answer?.currency ?? cart.currency?.code;
    const lines = answer?.lines ?? linesOf(cart);
    this.stop = stop && h('div', { role: 'alert', tabindex: -1 }, note('bad', stop, ' ', this.way(answer, 'start_again')));
    const title = answer ? tn('paying_for', lines.length, { company: answer.company_name }) : tn('paying', lines.length);
    const parts = [
      h('h2', { id: 'ip-paying' }, title),
      this.stop,
      silent && h('p.ip-small', t('checkout_silent')),
      this.table(title, lines, currency, answer),
      h('p', this.way(answer, 'change_amounts')),
    ];
    fill(this, h('div.ip-panel', parts));
    this.setAttribute('role', 'region');
    this.setAttribute('aria-labelledby', 'ip-paying');
  }

  way(answer, key) {
    return h('a', { href: answer?.back_url ?? '/invoices/' }, t(key));
  }

  table(title, lines, currency, answer) {
    const head = [
      column('', t('invoice')),
      answer && column('', t('due')),
      answer && column('ip-num', t('balance')),
      column('ip-num', t('paying_now')),
    ];
    const rows = lines.map((line) =>
      row(
        lead('', line.number),
        answer && cell('', day(line.due_on)),
        answer && cell('ip-num', amount(line.balance, currency)),
        cell('ip-num', amount(line.amount, currency)),
      ),
    );
    const name = Object.assign(lead('', t('total_to_pay')), { colSpan: 3 });
    const sum = answer && row(name, cell('ip-num', amount(answer.total, currency)));
    return table('ip-plain', title, head, rows, sum);
  }
}

/**
 * Invoice payment mode of the checkout page: a courtesy to the buyer. What was paid is decided by our server from the
 * order. React owns the page, so nothing of it is moved or changed: a class on the root and a style sheet hide, our
 * panel is a sibling that is put back when it is lost, and choices are made by clicks.
 */
class InvoiceCheckout {
  constructor(api, cart) {
    Object.assign(this, { api, cart, answer: null, silent: false, total: null, clicks: 0, unticks: 0 });
    this.soon = batched(() => this.apply());
    this.panel = new CheckoutPanel();
    this.panel.className = 'ip-portal';
    this.rule = adopt('');
  }

  async start() {
    keep.set(PAYING, this.cart.id);
    flag(document.documentElement, 'ip-checkout', true);
    this.guard = safely((event) => this.veto(event));
    window.addEventListener('submit', this.guard, true);
    this.unwatch = watchPage(() => this.apply());
    await this.ask();
  }

  /** Ask our server about the cart; again whenever the page shows another total. */
  async ask() {
    try {
      await learn(this.api);
      this.answer = await this.api.get(`/carts/${encodeURIComponent(this.cart.id)}`);
      this.silent = false;
      this.allow();
    } catch (refusal) {
      if (refusal.status === 404) return this.leave();
      report(refusal);
      this.silent = !this.answer;
    }
    this.soon();
  }

  /** Not a cart of ours after all (a reorder with our product): the ordinary checkout, as if we had never been here. */
  leave() {
    this.unwatch();
    window.removeEventListener('submit', this.guard, true);
    document.documentElement.classList.remove('ip-checkout', 'ip-no-shipping', 'ip-stop');
    keep.drop(PAYING);
    this.panel.remove();
  }

  /** Hide what the server does not allow by one rule, which holds however often the list is rebuilt. */
  allow() {
    const allowed = allowedRadios(this.answer.allowed_methods);
    this.rule(`.ip-checkout li.form-checklist-item:has(${METHOD}):not(:has(${allowed})){display:none}`);
  }

  /** Put everything right after a change of the page. Changes nothing when all is right, so it ends by itself. */
  apply() {
    const root = document.documentElement;
    const shipping = document.querySelector('[data-test="cart-shipping"] [data-test="cart-price-value"]');
    flag(root, 'ip-no-shipping', !/[1-9]/.test(shipping?.textContent ?? ''));
    this.refuseStoreCredit();
    this.chooseAllowed();
    const stop = this.objection();
    flag(root, 'ip-stop', Boolean(stop));
    this.place(stop);
    const total = document.querySelector(TOTAL)?.textContent;
    if (total && this.total && total !== this.total) this.ask().catch(report);
    this.total = total ?? this.total;
  }

  place(stop) {
    putPanel(this.panel);
    const { cart, answer, silent } = this;
    const now = JSON.stringify([answer, silent, stop]);
    // Until our server has answered or failed to, the panel says nothing yet.
    if (this.shown === now || !(answer || silent)) return;
    this.shown = now;
    this.panel.show({ cart, answer, silent, stop });
  }

  /** The methods on the page, the chosen one, and those the server allows. */
  methods() {
    const all = [...document.querySelectorAll(METHOD)];
    const allowed = this.answer ? all.filter((radio) => radio.matches(allowedRadios(this.answer.allowed_methods))) : all;
    return { all, allowed, chosen: all.find((radio) => radio.checked) };
  }

  /** The page preselects its first method, hidden or not: a click moves the choice in a way React notices. */
  chooseAllowed() {
    const { allowed, chosen } = this.methods();
    if (!chosen || allowed.includes(chosen)) this.clicks = 0;
    else if (this.clicks++ < 5) allowed[0]?.click();
  }

  /** The page applies store credit by itself; invoices are paid without it. */
  refuseStoreCredit() {
    if (!this.answer) return;
    const box = document.querySelector('#useStoreCredit');
    const row = document.querySelector('[data-test="cart-store-credit"]');
    if (box?.checked) {
      if (this.unticks++ < 3) box.click();
    } else if (row && !box && !keep.get('ip-credit-off')) {
      // Its own tick is not there to be taken off: the page has to be loaded again to notice.
      keep.set('ip-credit-off', true);
      askShop(`/checkouts/${encodeURIComponent(this.cart.id)}/store-credit`, 'DELETE').then(() => location.reload());
    }
  }

  /** Why the buyer should not pay now, in a sentence; null when nothing speaks against it or nothing is known. */
  objection() {
    if (!this.answer) return null;
    if (this.answer.matches === false) return t('checkout_changed');
    if (document.querySelector('[data-test="cart-store-credit"]')) return t('checkout_credit');
    const { all, allowed } = this.methods();
    return all.length && !allowed.length ? t('checkout_no_method') : null;
  }

  /** Stop a payment that could not be applied. Only ever stops; wallet buttons are covered by the style sheet. */
  veto(event) {
    if (!event.target.matches?.(PAYMENT_FORM)) return;
    const { allowed, chosen } = this.methods();
    const stop = this.objection() ?? (chosen && !allowed.includes(chosen) && t('checkout_method'));
    if (!stop) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.place(stop);
    this.panel.stop?.focus();
    this.panel.stop?.scrollIntoView({ block: 'center' });
  }
}

/** On a checkout page: one look at the cart, and for anybody else's cart nothing more. */
export async function runCheckout(api) {
  const cart = await firstLook();
  const kind = cart ? kindOf(cart.lineItems) : 'other';
  if (kind === 'other') keep.drop(PAYING);
  if (kind === 'ours') await new InvoiceCheckout(api, cart).start();
  if (kind === 'mixed') warnOfMixture();
}

/** Invoices and goods in one cart: the payment will need a person, so say so and touch nothing. */
function warnOfMixture() {
  const link = h('a', { href: '/invoices/' }, t('start_again'));
  const warning = h('div.ip-portal', { role: 'alert' }, note('warn', t('checkout_mixed'), ' ', link));
  watchPage(() => putPanel(warning));
  putPanel(warning);
}
