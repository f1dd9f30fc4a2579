import { fill, flag, h, report } from './dom.js';
import { Filters } from './filters.js';
import { InvoiceDetail } from './invoice-detail.js';
import { InvoiceList } from './invoice-list.js';
import { query, readState } from './list-state.js';
import { formatOf, money, toMajor, toMinor } from './money.js';
import { PayBar } from './pay-bar.js';
import { PaymentPress, comingBack } from './payment.js';
import { Selection } from './selection.js';
import { amount, failure, note, sentence, skeleton } from './parts.js';
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
    const on = (name, act) => this.addEventListener(name, (event) => Promise.resolve(act(event)).catch(report));
    on('click', (event) => this.follow(event));
    on('ip-go', (event) => this.go(event.detail));
    on('ip-selected', () => this.bar.refresh());
    on('ip-clear', () => this.clear());
    on('ip-pay', (event) => this.pay(event.detail));
    addEventListener('popstate', () => this.show().catch(report));
    addEventListener('pageshow', (event) => event.persisted && this.returned());
  }

  /** Shown again out of the browser's memory, as after Back from the checkout. */
  returned() {
    this.press.reset();
    this.show().catch(report);
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
    if (now.invoice) {
      const target = this.querySelector(location.hash === '#ip-history' ? '#ip-history' : 'ip-invoice-detail h2');
      target?.focus();
      target?.scrollIntoView({ block: location.hash ? 'start' : 'nearest' });
    } else if (before.invoice) {
      this.querySelector(`[data-ip-invoice="${CSS.escape(before.invoice)}"] a`)?.focus();
    } else if (now.cursor !== before.cursor) this.list?.scrollIntoView({ block: 'start' });
  }

  async show() {
    const turn = ++this.turn;
    const state = readState(location.search);
    flag(this, 'ip-busy', true);
    this.setAttribute('aria-busy', 'true');
    if (!this.session) fill(this.view, skeleton());
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
    const back = comingBack(keep, answer.items ?? [answer]);
    if (back.receipt) this.sayReceipt(back.receipt);
    else if (back.cancelled) fill(this.notes, note('warn', t('nothing_paid')));
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
    const part = (key, { currency }, value, className) => {
      return h('div', h('dt', t(key, { currency })), h('dd', { class: className }, value));
    };
    const isZero = (text, currency) => toMinor(text, formatOf(currency).digits) === 0n;
    fill(
      this.totals,
      totals.map((sum) => [
        part('open_balance', sum, amount(sum.open, sum.currency)),
        isZero(sum.overdue, sum.currency) ? part('overdue_sum', sum, t('none')) : part('overdue_sum', sum, amount(sum.overdue, sum.currency), 'ip-late'),
        !isZero(sum.available_credit, sum.currency) && part('available_credit', sum, amount(sum.available_credit, sum.currency)),
      ]),
    );
  }

  presentInvoice(invoice, state) {
    document.title = `${invoice.number} · ${this.pageTitle}`;
    this.detail = new InvoiceDetail();
    this.detail.show(invoice, { rights: this.session.rights, state });
    fill(this.view, this.detail);
  }

  fail(refusal, state) {
    const again = () => this.show();
    if (this.session && state.invoice) {
      this.detail = new InvoiceDetail();
      this.detail.fail(refusal, state, again);
      fill(this.view, this.detail);
    } else if (this.list?.isConnected && refusal.status !== 401 && refusal.status !== 403) this.list.fail(refusal, again);
    else fill(this.view, failure(refusal, again));
  }

  sayReceipt({ state, number, total, currency }) {
    const key = state === 'paid' ? 'receipt_paid' : 'receipt_pending';
    fill(this.notes, note(state === 'paid' ? 'good' : 'warn', t(key, { number, total: money(total, currency) })));
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
    const lines = refusal.lines ?? [];
    const general = sentence(refusal, 'payment_unreachable');
    if (one) this.detail.refresh({ refused: lines[0]?.detail ?? general });
    else {
      this.selection.refuse(lines);
      this.list.update();
      this.bar.refresh();
    }
    const elsewhere = lines.filter((line) => one || !this.querySelector(`[data-ip-invoice="${CSS.escape(line.invoice_id)}"]`));
    const numbered = elsewhere.map((line) => h('p', `${this.selection.get(line.invoice_id)?.number ?? ''} ${line.detail}`.trim()));
    if (!one) fill(this.notes, note('bad', h('p', general), numbered));
    (one ? this.detail.field : this.notes).scrollIntoView({ block: 'center' });
  }
}
