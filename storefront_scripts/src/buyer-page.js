import { dropCart } from './cart.js';
import { fill, flag, h, safely } from './dom.js';
import { Filters } from './filters.js';
import { InvoiceDetail } from './invoice-detail.js';
import { InvoiceList } from './invoice-list.js';
import { query, readState } from './list-state.js';
import { formatOf, money, toMajor } from './money.js';
import { PayBar } from './pay-bar.js';
import { PaymentPress, comingBack } from './payment.js';
import { Selection } from './selection.js';
import { amount, back, failure, hidden, note, sentence } from './parts.js';
import { learn } from './session.js';
import { t } from './text.js';
import { keep } from './keep.js';

/**
 * The invoices page: opens the session, shows the list or one invoice as the address says, and starts payments.
 * Its parts tell it what happened by `ip-go` (an address), `ip-selected`, `ip-clear` and `ip-pay`.
 */
export class BuyerPage extends HTMLElement {
  begin(api) {
    this.api = api;
    this.press = new PaymentPress(api, keep);
    this.turn = 0;
    this.pageTitle = document.title;
    this.notes = h('div.ip-notes', { role: 'status' });
    this.view = h('div.ip-view');
    fill(this, this.notes, this.view);
    this.listen();
    return this.show();
  }

  listen() {
    const on = (name, act) => this.addEventListener(name, safely(act));
    on('click', (event) => this.follow(event));
    on('ip-go', (event) => this.go(event.detail));
    on('ip-selected', () => this.bar.refresh());
    on('ip-clear', () => this.clear());
    on('ip-pay', (event) => this.pay(event.detail));
    addEventListener('popstate', safely(() => this.show()));
    addEventListener('pageshow', safely((event) => event.persisted && this.returned()));
  }

  /** Shown again out of the browser's memory, as after Back from the checkout. */
  returned() {
    this.press.reset();
    return this.show();
  }

  /** A plain click on one of our own links changes the address and the view, not the page. */
  follow(event) {
    const link = event.target.closest('a[data-ip-inner]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
    event.preventDefault();
    return this.go(link.href);
  }

  async go(href) {
    const before = readState(location.search);
    history.pushState(null, '', href);
    fill(this.notes);
    await this.show();
    this.attend(before);
  }

  /** After a change of view the focus goes where reading goes on. */
  attend(before) {
    const now = readState(location.search);
    const opener = `[data-ip-invoice="${CSS.escape(before.invoice)}"] a`;
    if (now.invoice) this.querySelector(location.hash ? '#ip-history' : 'h2')?.focus();
    else if (before.invoice) this.querySelector(opener)?.focus();
    else if (now.cursor !== before.cursor) this.list?.scrollIntoView();
  }

  async show() {
    const turn = ++this.turn;
    const state = readState(location.search);
    flag(this, 'ip-busy', true);
    this.setAttribute('aria-busy', 'true');
    if (!this.session) fill(this.view, h('div.ip-skeleton', hidden(t('loading'))));
    try {
      const first = await this.opened(state);
      const answer = state.invoice ? await this.api.get(`/invoices/${encodeURIComponent(state.invoice)}`) : (first ?? (await this.api.get(`/invoices?${query(state)}`)));
      // A slow answer to an earlier question must not overwrite a later one.
      if (turn === this.turn) this.present(answer, state);
    } catch (refusal) {
      if (turn === this.turn) this.fail(refusal, state);
    } finally {
      if (turn === this.turn) {
        flag(this, 'ip-busy', false);
        this.removeAttribute('aria-busy');
      }
    }
  }

  /** Open the session once. Its answer carries the first list, which is returned. */
  async opened(state) {
    if (this.session) return null;
    this.session = await learn(this.api, state.invoice ? undefined : query(state));
    this.selection = new Selection(this.session.company.id, keep);
    return state.invoice ? null : this.session.list;
  }

  present(answer, state) {
    if (state.invoice) this.presentInvoice(answer, state);
    else this.presentList(answer, state);
    const { receipt, cancelled } = comingBack(keep, answer.items ?? [answer]);
    if (receipt) this.sayReceipt(receipt);
    if (!cancelled) return;
    fill(this.notes, note('warn', t('nothing_paid')));
    safely(dropCart)();
  }

  presentList(answer, state) {
    document.title = this.pageTitle;
    const { rights, company } = this.session;
    if (!this.list) {
      this.totals = h('dl.ip-totals');
      this.filters = new Filters();
      this.list = new InvoiceList();
      this.list.begin({ rights, selection: this.selection, company: company.name });
      this.bar = new PayBar();
      this.bar.show(this.selection);
    }
    this.showTotals(answer.totals);
    this.filters.show(state);
    this.list.show(answer, state);
    this.bar.refresh();
    if (this.totals.parentNode === this.view) return;
    const mayPay = rights.includes('pay');
    const only = !mayPay && note('warn', t('view_only'));
    fill(this.view, h('p.ip-company', company.name), only, this.totals, this.filters, this.list, mayPay && this.bar);
  }

  showTotals(totals) {
    const part = (key, currency, value, kind) => h('div', h('dt', t(key, { currency })), h('dd', { class: kind }, value));
    const some = (sum) => /[1-9]/.test(sum);
    fill(this.totals, totals.map(({ currency, open, overdue, available_credit: credit }) => [
      part('open_balance', currency, amount(open, currency)),
      some(overdue) ? part('overdue_sum', currency, amount(overdue, currency), 'ip-late') : part('overdue_sum', currency, t('none')),
      some(credit) && part('available_credit', currency, amount(credit, currency)),
    ]));
  }

  presentInvoice(invoice, state) {
    document.title = `${invoice.number} · ${this.pageTitle}`;
    this.detail = new InvoiceDetail();
    this.detail.show(invoice, { rights: this.session.rights, state });
    fill(this.view, this.detail);
  }

  /** Say what failed where the answer would have been; around a list, filters and selection stay as they are. */
  fail(refusal, state) {
    const why = failure(refusal, () => this.show());
    const inList = !state.invoice && this.list?.isConnected && ![401, 403].includes(refusal.status);
    if (inList) this.list.fail(why);
    else fill(this.view, state.invoice && back(state), why);
  }

  sayReceipt({ state, number, total, currency }) {
    const [kind, key] = state === 'paid' ? ['good', 'receipt_paid'] : ['warn', 'receipt_pending'];
    fill(this.notes, note(kind, t(key, { number, total: money(total, currency) })));
  }

  clear() {
    this.selection.clear();
    this.list.update();
    this.bar.refresh();
    this.list.querySelector('a, input')?.focus();
  }

  /** Pay what is selected, or the one invoice on view. Refusals go beside the invoice they are about. */
  async pay(one) {
    const part = one && toMajor(one.minor, formatOf(one.currency).digits);
    const body = one ? { currency: one.currency, lines: [{ invoice_id: one.id, amount: part }] } : this.selection.body;
    const shown = one ? this.detail : this.bar;
    fill(this.notes);
    try {
      const sending = this.press.send(body);
      one ? shown.refresh({ busy: true }) : shown.refresh(true);
      const checkout = await sending;
      if (checkout) location.assign(checkout);
    } catch (refusal) {
      this.refused(refusal, one);
    }
  }

  refused(refusal, one) {
    const general = sentence(refusal, 'payment_unreachable');
    const details = (refusal.lines ?? []).map((line) => line.detail);
    if (one) this.detail.refresh({ refused: details[0] ?? general });
    else {
      this.selection.refuse(refusal.lines ?? []);
      this.list.update();
      this.bar.refresh();
      // An invoice refused may be on another page of the list, so all is said here as well.
      fill(this.notes, note('bad', [...new Set([general, ...details])].map((text) => h('p', text))));
    }
    (one ? this.detail.field : this.notes).scrollIntoView({ block: 'center' });
  }
}
