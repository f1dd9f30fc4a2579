import { fill, flag, h, send } from './dom.js';
import { CHOICES, DATES, address, filtered, readState, unfiltered } from './list-state.js';
import { button, inner } from './parts.js';
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

function input(name, type, value) {
  return h('input.ip-field', { id: `ip-${name}`, type, name, value });
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
    this.more = button(t('more_filters'), () => this.unfold('ip-with-more', this.more));
    this.more.className = 'ip-more';
    this.fold = button(t('filters'), () => this.unfold('ip-open', this.fold));
    this.fold.classList.add('ip-fold');
    this.fold.append(h('span.ip-small', inWords(state)));
    const form = h('form.ip-filters', { role: 'search', action: location.pathname, onsubmit: (event) => this.apply(event) },
      field('q', 'search_label', input('q', 'search', state.q)),
      field('status', 'status', choice('status', CHOICES.status, state.status)),
      dates,
      field('sort', 'sort', choice('sort', CHOICES.sort, state.sort)),
      h('div.ip-filter-go', h('button.ip-button', t('apply')), this.more),
    );
    if (filtered(state)) form.append(inner(address(unfiltered(state)), 'ip-clear', t('clear_filters')));
    fill(this, this.fold, form);
    this.unfold('ip-open', this.fold, false);
    this.unfold('ip-with-more', this.more, Boolean(state.due_from || state.due_to));
  }

  unfold(name, opener, on = !this.classList.contains(name)) {
    flag(this, name, on);
    opener.ariaExpanded = on;
  }

  apply(event) {
    event.preventDefault();
    const next = { ...readState(new URLSearchParams(new FormData(event.target))), limit: this.state.limit };
    send(this, 'ip-go', address(next));
  }
}
