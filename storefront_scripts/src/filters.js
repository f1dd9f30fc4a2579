import { fill, flag, h, send } from './dom.js';
import { CHOICES, DATES, address, changed, filtered, readState, unfiltered } from './list-state.js';
import { inner } from './parts.js';
import { day, t } from './text.js';

function field(name, label, control) {
  return h('div', { class: `ip-filter ip-filter-${name}` }, h('label', { for: `ip-${name}` }, t(label)), control);
}

function choice(name, values, chosen) {
  const options = values.map((value) => {
    return h('option', { value, selected: value === chosen }, t(`${name}_${value.replace('-', 'down_')}`));
  });
  return h('select.ip-field', { id: `ip-${name}`, name }, options);
}

function input(name, type, value, more) {
  return h('input.ip-field', { id: `ip-${name}`, type, name, value, ...more });
}

/** The filters that are on, in words: the line a phone shows in place of the folded form. */
export function inWords(state) {
  const ranges = ['issued', 'due'].map((kind) => {
    const [from, to] = [state[`${kind}_from`], state[`${kind}_to`]];
    const form = from && to ? 'between' : from ? 'from_day' : 'to_day';
    return (from || to) && t(`${kind}_${form}`, { from: day(from), to: day(to) });
  });
  return [t(`status_${state.status}`), state.q && t('matching', { q: state.q }), ...ranges].filter(Boolean).join(' · ');
}

/** The search and filter form. Folded to one line on phones; the due dates fold away everywhere. Sends `ip-go`. */
export class Filters extends HTMLElement {
  show(state) {
    this.state = state;
    const dates = DATES.map((name) => field(name, name, input(name, 'date', state[name])));
    this.more = h('button', { type: 'button', class: 'ip-more', onclick: () => this.unfold('ip-with-more', this.more) }, t('more_filters'));
    this.fold = h(
      'button',
      { type: 'button', class: 'ip-button ip-fold', 'aria-expanded': 'false', onclick: () => this.unfold('ip-open', this.fold) },
      t('filters'),
      h('span.ip-small', inWords(state)),
    );
    const form = h('form.ip-filters', { role: 'search', action: location.pathname, onsubmit: (event) => this.apply(event) },
      field('q', 'search_label', input('q', 'search', state.q, { autocomplete: 'off', maxlength: 100 })),
      field('status', 'status', choice('status', CHOICES.status, state.status)),
      dates,
      field('sort', 'sort', choice('sort', CHOICES.sort, state.sort)),
      h('div.ip-filter-go', h('button.ip-button', t('apply')), this.more),
    );
    if (filtered(state)) form.append(inner(address(unfiltered(state)), 'ip-clear', t('clear_filters')));
    fill(this, this.fold, form);
    this.unfold('ip-with-more', this.more, Boolean(state.due_from || state.due_to));
  }

  unfold(name, opener, on = !this.classList.contains(name)) {
    flag(this, name, on);
    opener.ariaExpanded = on;
  }

  apply(event) {
    event.preventDefault();
    const wanted = readState(new URLSearchParams(new FormData(event.target)).toString());
    const { q, status, sort } = wanted;
    const dates = Object.fromEntries(DATES.map((name) => [name, wanted[name]]));
    const next = changed(this.state, { q, status, sort, ...dates });
    flag(this, 'ip-open', false);
    send(this, 'ip-go', address(next));
  }
}
