import { fill, flag, h, say, send } from './dom.js';
import { moneyOf } from './money.js';
import { button } from './parts.js';
import { t, tn } from './text.js';

/**
 * The bar under the list: how many, how much, Pay. Its owner sets `selection` once and calls `refresh` after each
 * change; pressing Pay sends `ip-pay`, Clear selection `ip-clear`.
 */
export class PayBar extends HTMLElement {
  show(selection) {
    this.selection = selection;
    this.count = h('p', { role: 'status' });
    this.hint = h('p.ip-small');
    this.clear = button(t('clear_selection'), () => send(this, 'ip-clear'));
    this.clear.className = 'ip-more';
    this.sum = h('p.ip-sum');
    this.go = button(t('pay'), () => send(this, 'ip-pay'), true);
    this.setAttribute('role', 'region');
    this.setAttribute('aria-label', t('payment'));
    fill(this, h('div', this.count, this.hint), this.clear, this.sum, this.go);
    this.refresh();
  }

  /** `busy` while the server prepares the checkout. */
  refresh(busy = false) {
    const { size, currency, total, faulty } = this.selection;
    const sum = total === null ? '' : moneyOf(total, currency);
    flag(this, 'ip-idle', !size);
    say(this.count, size ? tn('selected', size) : t('select_to_pay'));
    say(this.hint, faulty ? t('check_amount', { number: faulty.number }) : t('secure_checkout'));
    flag(this.hint, 'ip-late', Boolean(faulty));
    fill(this.sum, size && sum ? [t('total_to_pay'), ' ', h('strong', h('bdi', sum))] : '');
    say(this.go, busy ? t('preparing') : size && sum ? t('pay_sum', { sum }) : t('pay'));
    // Not `disabled` while sending: that would drop the keyboard focus on the floor.
    this.go.ariaDisabled = busy ? 'true' : null;
    this.go.disabled = !size || !sum;
  }
}
