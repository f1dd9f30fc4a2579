/** What the address of the list page says. Only what differs from the default is written into it. */
const DEFAULTS = {
  q: '', status: 'unpaid', issued_from: '', issued_to: '', due_from: '', due_to: '', sort: 'due', limit: '10', cursor: '',
};
export const CHOICES = {
  status: ['unpaid', 'overdue', 'partially_paid', 'closed', 'all'],
  sort: ['due', 'issued', 'number', 'total', 'balance'].flatMap((by) => [by, `-${by}`]),
  limit: ['10', '25', '50'],
};
export const DATES = ['issued_from', 'issued_to', 'due_from', 'due_to'];

/** The state in a search string; nonsense in it counts as absent. */
export function readState(search) {
  const given = new URLSearchParams(search);
  const state = {};
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const value = (given.get(name) ?? usual).trim();
    const fits = CHOICES[name]?.includes(value) ?? (!DATES.includes(name) || /^(\d{4}-\d\d-\d\d)?$/.test(value));
    state[name] = fits ? value : usual;
  }
  state.invoice = given.get('invoice') ?? '';
  return state;
}

/** The query our server gets: the whole list state, without what is empty. */
export function query(state) {
  const asked = new URLSearchParams();
  for (const name of Object.keys(DEFAULTS)) if (state[name]) asked.set(name, state[name]);
  return String(asked);
}

/** The address of a state, on a page whose other parameters (campaigns, previews) stay. */
export function address(state, search = location.search) {
  const all = new URLSearchParams(search);
  for (const [name, usual] of Object.entries({ ...DEFAULTS, invoice: '' })) {
    if (state[name] && state[name] !== usual) all.set(name, state[name]);
    else all.delete(name);
  }
  const text = String(all);
  return text ? `?${text}` : '?';
}

/** A change of filter or order starts at the first page again. */
export function changed(state, part) {
  return { ...state, cursor: '', invoice: '', ...part };
}

/** Whether any filter beside the default view is on. */
export function filtered(state) {
  return ['q', 'status', ...DATES].some((name) => state[name] !== DEFAULTS[name]);
}

/** The state without filters, its order and page size kept. */
export function unfiltered(state) {
  return { ...DEFAULTS, invoice: '', sort: state.sort, limit: state.limit };
}
