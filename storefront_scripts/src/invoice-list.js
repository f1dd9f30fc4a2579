import { fill, flag, h, say, send } from './dom.js';
import { CHOICES, address, changed, filtered, unfiltered } from './list-state.js';
import { formatOf, money, moneyOf, plain, toMinor } from './money.js';
import { amount, amountField, badge, cell, column, hidden, inner, isOwed, label, lead, row, table } from './parts.js';
import { inWords } from './filters.js';
import { day, lateness, t, tn } from './text.js';

/** A column's name, its key for sorting (or none), its class. */
const COLUMNS = [
  ['invoice', 'number'],
  ['issued', 'issued'],
  ['due', 'due'],
  ['total', 'total', 'ip-num'],
  ['balance', 'balance', 'ip-num'],
  ['amount_to_pay', '', 'ip-num'],
  ['status', ''],
];

/** The rows of one page, with ticks and amounts bound to the selection. Sends `ip-selected` when that changes. */
export class InvoiceList extends HTMLElement {
  /** What does not change from page to page: rights, the selection, the company's name. */
  begin({ rights, selection, company }) {
    this.canPay = rights.includes('pay');
    this.canOpen = rights.includes('detail');
    this.hasHistory = this.canOpen && rights.includes('history');
    Object.assign(this, { selection, company });
    this.count = h('span', { role: 'status' });
    this.words = h('span');
    this.body = h('div');
    fill(this, h('p.ip-line', this.count, this.words), this.body);
  }

  show(answer, state) {
    this.state = state;
    for (const item of answer.items) this.selection.meet(item);
    this.rows = answer.items.map((item) => this.row(item));
    const { length } = this.rows;
    say(this.count, length ? tn('shown', length) : '');
    say(this.words, inWords(state));
    fill(this.body, length ? this.table() : this.nothing(), this.pager(answer));
    this.update();
  }

  /** Why there are no rows to show; what stands around them stays. */
  fail(why) {
    this.rows = [];
    fill(this.body, why);
  }

  nothing() {
    const onlyStatus = !filtered({ ...this.state, status: 'unpaid' });
    const state = (key, link) => h('div.ip-state', h('p', t(key)), link);
    const to = (next, key) => inner(address(next), 'ip-button', t(key));
    if (onlyStatus && this.state.status === 'all') return state('no_invoices');
    if (onlyStatus && this.state.status === 'unpaid') {
      return state('nothing_unpaid', to(changed(this.state, { status: 'all' }), 'show_all'));
    }
    return state('no_match', to(unfiltered(this.state), 'clear_filters'));
  }

  table() {
    const columns = COLUMNS.filter(([key]) => key !== 'amount_to_pay' || this.canPay);
    const head = [
      this.canPay && column('ip-c-tick', this.selectAll('ip-all')),
      columns.map((each) => this.columnHead(...each)),
      this.hasHistory && column('', hidden(t('history'))),
    ];
    const sortKey = `sort_${this.state.sort.replace('-', 'down_')}`;
    const caption = t('list_caption', { filters: inWords(this.state), company: this.company, sort: t(sortKey) });
    const rows = this.rows.map((each) => each.tr);
    return [
      this.canPay && h('div.ip-only-small', this.selectAll('ip-all-small', t('select_page'))),
      table('ip-table ip-list', caption, head, rows),
    ];
  }

  columnHead(key, sort, kind) {
    if (!sort) return column(kind, t(key));
    const current = this.state.sort.replace('-', '') === sort;
    const down = this.state.sort.startsWith('-');
    const next = current && !down ? `-${sort}` : sort;
    const arrow = current && h('span', { 'aria-hidden': 'true' }, down ? ' ↓' : ' ↑');
    const head = column(kind, inner(address(changed(this.state, { sort: next })), '', t(key), arrow));
    if (current) head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    return head;
  }

  selectAll(id, words) {
    const box = h('input.ip-tick', { type: 'checkbox', id, onchange: () => this.tickAll(box.checked) });
    return h('label.ip-tickbox', box, words ?? hidden(t('select_page')));
  }

  row(item) {
    const { id, number, currency, order_number: order, po_number: po, days_late: late } = item;
    const href = address({ ...this.state, invoice: id });
    const each = { item };
    // Many PO numbers say themselves that they are one.
    const refs = [order && t('order_ref', { number: order }), /^po/i.test(po) ? po : po && t('po_ref', { number: po })].filter(Boolean).join(' · ');
    const part = item.status === 'partially_paid' && t('paid_part', { paid: money(item.paid, currency) });
    const history = this.hasHistory && inner(`${href}#ip-history`, '', t('history'), hidden(` ${number}`));
    each.tr = row(
      this.canPay && cell('ip-c-tick', this.tick(each)),
      lead('ip-c-number', this.canOpen ? inner(href, '', number) : number, refs && h('small', refs)),
      cell('ip-c-issued', label('issued'), day(item.issued_on)),
      cell('ip-c-due', label('due'), day(item.due_on), isOwed(item) && h('small', { class: late > 0 && 'ip-late' }, lateness(late))),
      cell('ip-num ip-c-total', label('total'), amount(item.total, currency)),
      cell('ip-num ip-c-balance', hidden(`${t('balance')} `), amount(item.balance, currency), part && h('small', part)),
      this.canPay && cell('ip-num ip-c-pay', this.amountToPay(each)),
      cell('ip-c-status', badge(item.badge)),
      history && cell('ip-c-files', history),
    );
    each.tr.dataset.ipInvoice = id;
    return each;
  }

  tick(each) {
    each.tick = h('input.ip-tick', {
      type: 'checkbox',
      'aria-label': t('pay_number', { number: each.item.number }),
      'aria-describedby': `ip-why-${each.item.id}`,
      onchange: () => this.choose([each], each.tick.checked),
    });
    return h('label.ip-tickbox', each.tick);
  }

  amountToPay(each) {
    const { id, number, balance, currency } = each.item;
    each.field = amountField(`ip-why-${id}`, () => {
      this.selection.type(id, each.field.value);
      this.changed();
    });
    each.field.ariaLabel = t('amount_label', { number, most: money(balance, currency) });
    each.why = h('small', { id: `ip-why-${id}` });
    each.box = h('div.ip-paying', h('span.ip-label', { 'aria-hidden': 'true' }, t('amount_to_pay')), each.field);
    return [each.box, each.why];
  }

  tickAll(on) {
    const currency = this.selection.currency ?? this.rows.find(({ item }) => item.payable)?.item.currency;
    this.choose(this.rows.filter(({ item }) => item.payable && item.currency === currency), on);
  }

  choose(rows, on) {
    for (const { item } of rows) {
      if (!on) this.selection.remove(item.id);
      else if (!this.selection.get(item.id)) this.selection.add(item);
    }
    this.changed();
  }

  changed() {
    this.update();
    send(this, 'ip-selected');
  }

  /** Bring ticks, fields and the sentences beside them in line with the selection, row by row and in place. */
  update() {
    if (!this.canPay) return;
    for (const each of this.rows) this.updateRow(each);
    const open = this.rows.filter(({ tick }) => !tick.disabled);
    const all = open.length > 0 && open.every(({ tick }) => tick.checked);
    for (const box of this.querySelectorAll('#ip-all, #ip-all-small')) {
      box.checked = all;
      box.indeterminate = !all && open.some(({ tick }) => tick.checked);
      box.disabled = !open.length;
    }
  }

  updateRow({ item, tr, tick, field, box, why }) {
    const line = this.selection.get(item.id);
    const foreign = item.payable && this.selection.currency && this.selection.currency !== item.currency;
    const said = line ? this.verdict(item) : { text: foreign ? t('other_currency') : hint(item) };
    tick.checked = Boolean(line);
    tick.disabled = !item.payable || Boolean(foreign);
    flag(tr, 'ip-chosen', Boolean(line));
    box.hidden = !line;
    if (line && field.value !== line.text) field.value = line.text;
    field.ariaInvalid = said.bad ? 'true' : null;
    flag(why, 'ip-late', Boolean(said.bad));
    say(why, said.text);
  }

  /** What stands below the amount of a ticked row: the server's refusal, what is wrong, or what stays open. */
  verdict({ id, balance, currency }) {
    const refusal = this.selection.refusals.get(id);
    if (refusal) return { text: refusal, bad: true };
    const { minor, problem } = this.selection.check(id);
    if (problem) return { text: problemText(problem, balance, currency), bad: true };
    const rest = toMinor(balance, formatOf(currency).digits) - minor;
    return { text: rest > 0n ? t('leaves_open', { rest: moneyOf(rest, currency) }) : '' };
  }

  pager({ previous_cursor: previous, next_cursor: next }) {
    const link = (cursor, key) => cursor && inner(address({ ...this.state, cursor }), 'ip-button', t(key));
    const size = h('select.ip-field', { 'aria-label': t('page_size'), onchange: (event) => this.resize(event.target.value) },
      CHOICES.limit.map((n) => h('option', { value: n, selected: n === this.state.limit }, t('per_page', { n }))),
    );
    const few = !previous && !next && this.state.limit === '10';
    return !few && h('nav.ip-pager', { 'aria-label': t('pages') }, size, link(previous, 'previous_page'), link(next, 'next_page'));
  }

  resize(limit) {
    send(this, 'ip-go', address(changed(this.state, { limit })));
  }
}

/** The sentence for an amount that cannot be paid. */
export function problemText(problem, balance, currency) {
  return t(problem, { balance: money(balance, currency), example: plain(balance, currency) });
}

/** Why an invoice cannot be paid now, or what else is going on with it. */
export function hint({ status, pending, pending_since: since, currency, being_paid: being, number, not_payable_reason: reason }) {
  if (status === 'closed') return '';
  if (pending) return t(since ? 'on_its_way_since' : 'on_its_way', { amount: money(pending, currency), day: day(since) });
  return being ? t('being_paid', { number }) : (reason ?? '');
}
