import { Refusal } from './api.js';
import { forgetPaid } from './selection.js';

const BEGUN = 'ip-begun';
const RECEIPT = 'ip-receipt';

/**
 * Pressing Pay. One press, one idempotency key; a press whose outcome never reached us is repeated under its key, so
 * that it cannot make a second payment attempt. While a press is under way another one does nothing.
 */
export class PaymentPress {
  #last = null;

  constructor(api, store, newKey = () => crypto.randomUUID()) {
    Object.assign(this, { api, store, newKey, busy: false });
  }

  /** The checkout's address, or null when a press is under way. Refuses with Refusal. */
  async send(body) {
    if (this.busy) return null;
    this.busy = true;
    const text = JSON.stringify(body);
    if (this.#last?.text !== text) this.#last = { text, key: this.newKey() };
    try {
      const answer = await this.api.post('/payments', body, this.#last.key);
      this.#last = null;
      if (!/^https?:\/\//.test(answer.checkout_url)) throw new Refusal('unreachable');
      this.store.set(BEGUN, body.lines.map((line) => line.invoice_id));
      return answer.checkout_url;
    } catch (refusal) {
      if (refusal.judged) this.#last = null;
      this.busy = false;
      throw refusal;
    }
  }

  /** The page was left for the checkout and came back (by the back button it is the same page, still waiting). */
  reset() {
    this.busy = false;
  }
}

/** The checkout ended on the confirmation page: what was paid there is selected no more. */
export function ended(store) {
  forgetPaid(store, store.get(BEGUN) ?? []);
  store.drop(BEGUN);
}

/** Keep what the server said about the payment for the return to the list. */
export function receipted(store, receipt) {
  store.set(RECEIPT, receipt);
}

/**
 * How the buyer comes back to the list: {receipt} after a payment, {cancelled: true} after a checkout that was left,
 * {} else. Said once. A row that moved meanwhile is no proof that nothing was paid, so then nothing is claimed.
 */
export function comingBack(store, items) {
  const receipt = store.get(RECEIPT);
  const begun = store.get(BEGUN);
  store.drop(RECEIPT);
  store.drop(BEGUN);
  if (receipt) return { receipt };
  const moved = items.some((item) => begun?.includes(item.id) && (item.pending || !item.payable));
  return begun && !moved ? { cancelled: true } : {};
}
