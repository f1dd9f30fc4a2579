import { Refusal } from './api.js';
import { h, report } from './dom.js';
import { address } from './list-state.js';
import { money } from './money.js';
import { t } from './text.js';

/** Money on the page: isolated, so that a right-to-left sentence keeps its sign and digits in order. */
export function amount(major, currency) {
  return h('bdi.ip-money', money(major, currency));
}

/** A state as word and colour. The server chooses both the code and the word. */
export function badge({ code, label }) {
  return h('span', { class: `ip-tag ip-tag-${code}` }, label);
}

/** Whether anything is still owed on an invoice, so that its lateness matters. */
export function isOwed({ status }) {
  return status === 'open' || status === 'partially_paid';
}

/** Text for screen readers only. */
export function hidden(text) {
  return h('span.ip-hidden', text);
}

/** What a cell is, said in it where the head of its column is not shown. */
export function label(key) {
  return h('span.ip-label', t(key), ' ');
}

/** A field for an amount: plain text, so that what is typed stays as typed. */
export function amountField(describedBy, oninput) {
  const more = { inputmode: 'decimal', autocomplete: 'off', dir: 'ltr', maxlength: 24, 'aria-describedby': describedBy };
  return h('input.ip-field.ip-amount', { ...more, oninput });
}

/** A button; `main` is the one filled one of a view. */
export function button(label, onclick, main) {
  return h('button', { type: 'button', class: main ? 'ip-button ip-main' : 'ip-button', onclick }, label);
}

/** A note across the region: kind is 'good', 'warn' or 'bad'. */
export function note(kind, ...content) {
  return h('div', { class: `ip-note ip-note-${kind}` }, ...content);
}

/** The sentence for a refusal: the server's own where it gave one. */
export function sentence(refusal, unreachable) {
  if (!(refusal instanceof Refusal)) report(refusal);
  return refusal.judged && refusal.detail ? refusal.detail : t(unreachable);
}

/** Why nothing can be shown, and what helps: signing in, trying again, or nothing here. */
export function failure(refusal, again) {
  if (refusal.code === 'not_signed_in') {
    // The shop's login leads back to `from`, which it wants without the leading slash.
    const from = (location.pathname + location.search).slice(1);
    const link = h('a.ip-button.ip-main', { href: `/login.php?from=${encodeURIComponent(from)}` }, t('sign_in'));
    return h('div.ip-state', h('p', t('not_signed_in')), link);
  }
  const retry = (refusal.passing ?? true) && button(t('try_again'), again, true);
  return h('div.ip-state', { role: 'alert' }, h('p', sentence(refusal, 'unreachable')), retry);
}

/** The way from one invoice to the list it was found in. */
export function back(state) {
  return h('p.ip-back', inner(address({ ...state, invoice: '' }), '', `‹ ${t('invoices')}`));
}

/** The head of a column. Roles are written out throughout: rows shown as cards on phones lose a table's own. */
export function column(kind, ...content) {
  return h('th', { role: 'columnheader', scope: 'col', class: kind }, ...content);
}

/** The first cell of a row, which names it. */
export function lead(kind, ...content) {
  return h('th', { role: 'rowheader', scope: 'row', class: kind }, ...content);
}

/** Any other cell. */
export function cell(kind, ...content) {
  return h('td', { role: 'cell', class: kind }, ...content);
}

/** A row of cells. */
export function row(...cells) {
  return h('tr', { role: 'row' }, ...cells);
}

/** A table with a caption for screen readers; the class `ip-table` makes its rows cards where there is little room. */
export function table(kind, caption, head, rows, foot) {
  const group = (tag, ...content) => h(tag, { role: 'rowgroup' }, ...content);
  const parts = [group('thead', row(head)), group('tbody', rows), foot && group('tfoot', foot)];
  return h('table', { class: kind, role: 'table' }, h('caption.ip-hidden', caption), parts);
}

/** A link inside the region: a real address, followed without loading the page (see buyer-page.js). */
export function inner(href, kind, ...content) {
  return h('a', { href, class: kind, 'data-ip-inner': true }, ...content);
}
