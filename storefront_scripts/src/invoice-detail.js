import { fill, flag, h, say, send } from './dom.js';
import { checked, decimal, formatOf, money, moneyOf, plain } from './money.js';
import { amount, amountField, back, badge, button, cell, column, hidden, isOwed, label, lead, note, row, table } from './parts.js';
import { hint, problemText } from './invoice-list.js';
import { day, lateness, t } from './text.js';

function block(title, lines) {
  return title && h('div', h('h3', title), h('address', lines.map((line) => h('div', line))));
}

function fact(key, ...value) {
  return h('div', h('dt', t(key)), h('dd', ...value));
}

function section(title, ...content) {
  return h('section', h('h3', title), ...content);
}

/** One invoice: what was bought, what was paid, and paying it. Sends `ip-pay` with the amount as typed. */
export class InvoiceDetail extends HTMLElement {
  show(invoice, { rights, state }) {
    this.invoice = invoice;
    const pays = rights.includes('pay') && invoice.payable;
    const { seller, company_name: company, billing_address: billing, shipping_addresses: shipping } = invoice;
    fill(
      this,
      back(state),
      this.head(),
      this.standing(),
      this.facts(),
      h(
        'div.ip-addresses',
        block(seller.name, seller.address_lines),
        // An address of the shop begins with the company, one of an ERP may not.
        block(t('bill_to'), [...new Set([company, ...billing.lines])]),
        shipping.map(({ lines }) => block(t('ship_to'), lines)),
      ),
      this.lines(),
      h('div.ip-sums', this.sums(), pays && this.paying()),
      rights.includes('history') && this.history(),
      invoice.notes && section(t('notes'), h('p.ip-prose', invoice.notes)),
      invoice.terms_text && section(t('terms'), h('p.ip-prose', invoice.terms_text)),
    );
  }

  head() {
    const { number, badge: shown } = this.invoice;
    const heading = h('h2', { tabindex: -1 }, t('invoice_number', { number }), ' ', badge(shown));
    return h('div.ip-head', heading, button(t('print'), () => print()));
  }

  /** Where the invoice stands, when paying it is not simply open. */
  standing() {
    const text = this.invoice.status === 'void' ? t('void_banner') : hint(this.invoice);
    return text && note('warn', text);
  }

  facts() {
    const { issued_on, due_on, days_late, order_number, po_number } = this.invoice;
    const late = isOwed(this.invoice) && h('small', { class: days_late > 0 && 'ip-late' }, lateness(days_late));
    return h('dl.ip-facts',
      fact('issued', day(issued_on)),
      fact('due', day(due_on), late && ' ', late),
      order_number && fact('order', order_number),
      po_number && fact('po_number', po_number),
    );
  }

  lines() {
    const { lines, currency, number } = this.invoice;
    const small = (key, value) => [label(key), h('bdi', value)];
    const head = [column('', t('item')), ['quantity', 'unit_price', 'amount'].map((key) => column('ip-num', t(key)))];
    const rows = lines.map((line) =>
      row(
        lead('', line.description, line.sku && h('small', line.sku)),
        cell('ip-num', small('quantity', decimal(line.quantity, formatOf(currency)))),
        cell('ip-num', small('unit_price', this.price(line.unit_price))),
        cell('ip-num', amount(line.amount, currency)),
      ),
    );
    return table('ip-table ip-lines', t('lines_caption', { number }), head, rows);
  }

  /** A unit price may have more digits than the currency: all of them are shown. */
  price(text) {
    const { prefix, suffix } = formatOf(this.invoice.currency);
    return prefix + decimal(text, formatOf(this.invoice.currency)) + suffix;
  }

  sums() {
    const { cost_lines: costs, total, paid, balance, currency } = this.invoice;
    const sum = (label, value, kind) => h('div', { class: kind }, h('dt', label), h('dd.ip-num', amount(value, currency)));
    return h('dl.ip-total',
      costs.map((cost) => sum(cost.description || t(`cost_${cost.kind}`), cost.amount)),
      sum(t('total'), total, 'ip-strong'),
      sum(t('paid'), paid),
      sum(t('balance'), balance, 'ip-strong'),
    );
  }

  paying() {
    const { number, balance, currency } = this.invoice;
    this.field = amountField('ip-amount-why', () => this.refresh());
    this.field.id = 'ip-amount';
    this.field.value = plain(balance, currency);
    this.why = h('small', { id: 'ip-amount-why', role: 'status' });
    this.go = button('', () => this.pay(), true);
    const name = h('label', { for: 'ip-amount' }, t('amount_to_pay'), hidden(` ${t('amount_label', { number, most: money(balance, currency) })}`));
    const box = h('div.ip-pay-one', name, this.field, this.why, this.go, h('p.ip-small', t('secure_checkout')));
    this.refresh();
    return box;
  }

  /** Bring the button in line with the amount; `refused` is the server's word about it. */
  refresh({ busy = false, refused = '' } = {}) {
    const { balance, currency } = this.invoice;
    const { minor, problem } = checked(this.field.value, balance, currency);
    const wrong = problem ? problemText(problem, balance, currency) : refused;
    say(this.why, wrong);
    flag(this.why, 'ip-late', Boolean(wrong));
    this.field.ariaInvalid = wrong ? 'true' : null;
    say(this.go, busy ? t('preparing') : problem ? t('pay') : t('pay_sum', { sum: moneyOf(minor, currency) }));
    this.go.ariaDisabled = busy ? 'true' : null;
    this.go.disabled = Boolean(problem);
  }

  pay() {
    const { id, balance, currency } = this.invoice;
    const { minor, problem } = checked(this.field.value, balance, currency);
    if (problem) return;
    send(this, 'ip-pay', { id, currency, minor });
  }

  history() {
    const { payments, currency, number } = this.invoice;
    const head = ['payment', 'received', 'method', 'memo', 'status'].map((key) => column('', t(key)));
    head.push(column('ip-num', t('amount')));
    const rows = payments.map((each) =>
      row(
        lead('', each.number),
        cell('', day(each.received_on)),
        cell('', each.method),
        cell('', each.memo ?? ''),
        cell('', badge(each.status)),
        cell('ip-num', amount(each.amount, currency)),
      ),
    );
    const content = rows.length ? table('ip-table ip-payments', t('history_of', { number }), head, rows) : h('p.ip-small', t('no_payments'));
    const part = section(t('payment_history'), content);
    part.id = 'ip-history';
    part.tabIndex = -1;
    return part;
  }
}
