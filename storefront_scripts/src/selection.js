import { checked, formatOf, plain, toMajor } from './money.js';

const KEY = 'ip-selection';

/**
 * The invoices a buyer ticked, over all pages of the list, each with the amount as typed. Kept in the tab for one
 * company; the server checks everything again. One currency at a time: the first tick decides it.
 */
export class Selection {
  constructor(owner, store) {
    this.owner = owner;
    this.store = store;
    this.refusals = new Map();
    const kept = store.get(KEY);
    this.lines = new Map(kept?.owner === owner ? kept.lines.map((line) => [line.id, line]) : []);
  }

  get size() {
    return this.lines.size;
  }

  get currency() {
    return this.lines.values().next().value?.currency ?? null;
  }

  get(id) {
    return this.lines.get(id);
  }

  add({ id, number, currency, balance }) {
    if (this.size && currency !== this.currency) return;
    this.lines.set(id, { id, number, currency, balance, text: plain(balance, currency) });
    this.#save();
  }

  remove(id) {
    this.lines.delete(id);
    this.refusals.delete(id);
    this.#save();
  }

  clear() {
    this.lines.clear();
    this.refusals.clear();
    this.#save();
  }

  type(id, text) {
    this.lines.get(id).text = text;
    this.refusals.delete(id);
    this.#save();
  }

  /** Compare a ticked line with the row just read: the balance may have moved, or the invoice be payable no more. */
  meet(item) {
    const line = this.lines.get(item.id);
    if (!line) return;
    if (!item.payable) return this.remove(item.id);
    if (line.text === plain(line.balance, line.currency)) line.text = plain(item.balance, item.currency);
    line.balance = item.balance;
    this.#save();
  }

  /** Keep the server's word about single lines until they change. */
  refuse(lines) {
    this.refusals = new Map(lines.map((line) => [line.invoice_id, line.detail]));
  }

  /** {minor, problem} of a ticked line. */
  check(id) {
    const line = this.lines.get(id);
    return checked(line.text, line.balance, line.currency);
  }

  /** The first ticked line whose amount cannot be paid. */
  get faulty() {
    return [...this.lines.values()].find((line) => this.check(line.id).problem);
  }

  /** Sum in minor units, or null while an amount is wrong. */
  get total() {
    if (this.faulty) return null;
    return [...this.lines.keys()].reduce((sum, id) => sum + this.check(id).minor, 0n);
  }

  /** What the payment endpoint is sent. */
  get body() {
    const { digits } = formatOf(this.currency);
    const amount = (id) => toMajor(this.check(id).minor, digits);
    return {
      currency: this.currency,
      lines: [...this.lines.keys()].map((id) => ({ invoice_id: id, amount: amount(id) })),
    };
  }

  #save() {
    if (this.size) this.store.set(KEY, { owner: this.owner, lines: [...this.lines.values()] });
    else this.store.drop(KEY);
  }
}

/** Untick invoices from outside the list: they have been paid. */
export function forgetPaid(store, ids) {
  const kept = store.get(KEY);
  if (kept) store.set(KEY, { ...kept, lines: kept.lines.filter((line) => !ids.includes(line.id)) });
}
