import { askShop, kindOf, orderInPath } from './cart.js';
import { PAYING } from './checkout.js';
import { fill, flag, h, report, sleep, watchPage } from './dom.js';
import { keep } from './keep.js';
import { money } from './money.js';
import { amount, button, cell, column, lead, note, row, table } from './parts.js';
import { ended, receipted } from './payment.js';
import { putPanel } from './theme.js';
import { learn } from './session.js';
import { t } from './text.js';

/** Pauses before each further question. The shop tells our server about the order within seconds, rarely a minute. */
const ASKING = [1500, 2500, 4000, 8000, 15000, 30000];
const NUMBER = '[data-test="order-confirmation-order-number-text"] strong';

/** What became of the payment, in the server's words: never 'paid' before the server says it. */
export class ConfirmationPanel extends HTMLElement {
  /** `answer` as our server gave it, or null while it has not; `over` once we stop asking. */
  show(answer, over, again) {
    const { state = 'unknown', total, credit, currency, payment_number: number } = answer ?? {};
    const known = state !== 'unknown';
    const title = known ? `confirm_${state}` : over ? 'confirm_later' : 'confirm_checking';
    if (this.said === title) return; // said anew it would be read out again
    this.said = title;
    const values = { number, total: total && money(total, currency) };
    // A live region speaks only when it was there before its words.
    this.status ??= h('div', { role: 'status' });
    fill(this.status, note(state === 'paid' ? 'good' : 'warn', h('h2', t(title, values)), h('p', t(`${title}_more`, values))));
    const parts = [
      this.status,
      answer?.lines?.length && this.table(answer),
      credit && h('p', t('confirm_credit', { credit: money(credit, currency) })),
      h('p.ip-actions',
        h('a.ip-button.ip-main', { href: answer?.back_url ?? '/invoices/' }, t('back_to_invoices')),
        known ? button(t('print'), () => print()) : over && button(t('check_again'), again),
      ),
    ];
    fill(this, h('div.ip-panel', parts));
  }

  table({ lines, currency, state, total }) {
    const settled = state === 'paid';
    const head = [
      column('', t('invoice')),
      column('ip-num', t(settled ? 'paid' : 'amount')),
      settled && column('ip-num', t('new_balance')),
    ];
    const rows = lines.map((line) =>
      row(
        lead('', line.number),
        cell('ip-num', amount(line.amount, currency)),
        settled && cell('ip-num', amount(line.new_balance, currency)),
      ),
    );
    const sum = row(lead('', t('total')), cell('ip-num', amount(total, currency)), settled && cell(''));
    return table('ip-plain', t('receipt'), head, rows, sum);
  }
}

/** The order's number: told by a tag, by a custom page's configuration, by the path, or read off the page once drawn. */
async function orderId() {
  const told = window.invoicePortal?.orderId ?? window.checkoutConfig?.orderId ?? orderInPath(location.pathname);
  const shown = () => /\d+/.exec(document.querySelector(NUMBER)?.textContent)?.[0];
  return told || shown() || new Promise((found) => {
    const end = watchPage(() => {
      if (!shown()) return;
      end();
      found(shown());
    });
  });
}

/** Whether the order pays invoices, as far as the shop tells; if it does not, what the checkout page saw. */
async function isOurs(id) {
  const order = await askShop(`/orders/${encodeURIComponent(id)}`);
  const kind = order?.lineItems ? kindOf(order.lineItems) : keep.get(PAYING) ? 'ours' : 'other';
  return kind !== 'other';
}

/** Ask our server until it knows the outcome, a few times at most; draw what is known each time. */
async function follow(api, id, draw) {
  let answer = null;
  for (const pause of [0, ...ASKING]) {
    await sleep(pause);
    try {
      await learn(api);
      draw(answer);
      answer = await api.get(`/orders/${encodeURIComponent(id)}`);
      draw(answer);
      // An order that awaits payment may have been read before its transaction was there.
      if (!/unknown|awaiting/.test(answer.state)) return answer;
    } catch (refusal) {
      // The shop says the order is ours, so a 404 means that our server has not heard of it yet.
      report(refusal);
    }
  }
  draw(answer, true);
  return answer;
}

/** On a confirmation page: one look at the order, and for an ordinary order nothing more. */
export async function runConfirmation(api) {
  const id = await orderId();
  if (!(await isOurs(id))) return;
  ended(keep);
  keep.drop(PAYING);
  const panel = new ConfirmationPanel();
  panel.className = 'ip-portal';
  const place = () => putPanel(panel, document.querySelector('.orderConfirmation'));
  const draw = (answer, over) => {
    // Without a word of our server the shop's own page says all there is to say.
    if (!api.session) return;
    panel.show(answer, over, ask);
    place();
    watching ??= watchPage(place);
    flag(document.documentElement, 'ip-confirmed', true);
  };
  let watching = null;
  const ask = async () => {
    const { state, payment_number: number, total, currency } = (await follow(api, id, draw)) ?? {};
    if (state === 'paid' || state === 'pending') receipted(keep, { state, number, total, currency });
  };
  await ask();
}
