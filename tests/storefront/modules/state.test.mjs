import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { address, changed, filtered, query, readState, unfiltered } from '../../../storefront_scripts/src/list-state.js';
import { useCurrencies } from '../../../storefront_scripts/src/money.js';
import { PaymentPress, comingBack, ended, receipted } from '../../../storefront_scripts/src/payment.js';
import { Refusal } from '../../../storefront_scripts/src/api.js';
import { Selection } from '../../../storefront_scripts/src/selection.js';

const USD = { digits: 2, prefix: '$', suffix: '', decimal: '.', group: ',' };
const one = { id: '1', number: 'INV-1', currency: 'USD', balance: '100.00', payable: true };
const two = { id: '2', number: 'INV-2', currency: 'USD', balance: '50.00', payable: true };
const euro = { id: '3', number: 'INV-3', currency: 'EUR', balance: '7.00', payable: true };

function store() {
  const kept = new Map();
  return {
    get: (key) => JSON.parse(kept.get(key) ?? 'null'),
    set: (key, value) => kept.set(key, JSON.stringify(value)),
    drop: (key) => kept.delete(key),
  };
}

beforeEach(() => useCurrencies({ USD, EUR: { ...USD, prefix: '€' } }));

test('the address holds the state of the list and leaves out what is usual', () => {
  assert.equal(address(readState(''), ''), '?');
  const state = readState('?status=overdue&q=88-41&sort=-total&limit=25&issued_from=2026-08-01&cursor=abc');
  assert.deepEqual(readState(address(state, '')), state);
  assert.equal(address(changed(state, { status: 'unpaid' }), ''), '?q=88-41&issued_from=2026-08-01&sort=-total&limit=25');
});

test('parameters of others stay in the address', () => {
  assert.equal(address(changed(readState(''), { status: 'all' }), '?utm_source=mail&cursor=x'), '?utm_source=mail&status=all');
});

test('nonsense in the address counts as absent', () => {
  const state = readState('?status=evil&sort=name&limit=9999&issued_from=yesterday');
  assert.equal(query(state), query(readState('')));
});

test('our server is sent the whole state', () => {
  assert.equal(query(readState('?q=a%26b')), 'q=a%26b&status=unpaid&sort=due&limit=10');
});

test('clearing the filters keeps order and page size', () => {
  const state = readState('?status=all&q=x&sort=-due&limit=50');
  assert.ok(filtered(state));
  assert.ok(!filtered(unfiltered(state)));
  assert.equal(address(unfiltered(state), ''), '?sort=-due&limit=50');
});

test('the first tick fixes the currency', () => {
  const selection = new Selection('c-1', store());
  selection.add(one);
  selection.add(euro);
  assert.equal(selection.size, 1);
  assert.equal(selection.currency, 'USD');
});

test('the selection is kept for its company and nobody else', () => {
  const kept = store();
  const selection = new Selection('c-1', kept);
  selection.add(one);
  selection.add(two);
  selection.type('2', '12,5');
  assert.equal(new Selection('c-1', kept).total, 11250n);
  assert.equal(new Selection('c-1', kept).get('2').text, '12,5');
  assert.equal(new Selection('c-2', kept).size, 0);
});

test('a wrong amount leaves no sum to pay', () => {
  const selection = new Selection('c-1', store());
  selection.add(one);
  selection.add(two);
  selection.type('2', '50.01');
  assert.equal(selection.total, null);
  assert.equal(selection.faulty.number, 'INV-2');
});

test('what is sent has the exact digits of the currency', () => {
  const selection = new Selection('c-1', store());
  selection.add(one);
  selection.type('1', '$12,5');
  assert.deepEqual(selection.body, { currency: 'USD', lines: [{ invoice_id: '1', amount: '12.50' }] });
});

test('a ticked row follows its balance: a whole stays whole, a typed amount stays typed, a paid one goes', () => {
  const selection = new Selection('c-1', store());
  selection.add(one);
  selection.add(two);
  selection.type('2', '20');
  selection.meet({ ...one, balance: '80.00' });
  selection.meet({ ...two, balance: '10.00' });
  assert.equal(selection.get('1').text, '80.00');
  assert.equal(selection.get('2').text, '20');
  assert.equal(selection.faulty.number, 'INV-2');
  selection.meet({ ...two, payable: false });
  assert.equal(selection.size, 1);
});

test('a refusal stays beside its row until the row changes', () => {
  const selection = new Selection('c-1', store());
  selection.add(one);
  selection.refuse([{ invoice_id: '1', code: 'more_than_owed', detail: 'Only $80.00 is owed.' }]);
  assert.equal(selection.refusals.get('1'), 'Only $80.00 is owed.');
  selection.type('1', '80');
  assert.equal(selection.refusals.size, 0);
});

const body = { currency: 'USD', lines: [{ invoice_id: '1', amount: '5.00' }] };

function press(answers) {
  const keys = [];
  const api = { post: async (path, sent, key) => (keys.push(key), answers.shift()()) };
  let made = 0;
  return { keys, press: new PaymentPress(api, store(), () => `key-${++made}`) };
}

test('a press whose outcome is unknown is repeated under its own key', async () => {
  const lost = () => Promise.reject(new Refusal('unreachable'));
  const { keys, press: pay } = press([lost, lost, () => ({ checkout_url: 'https://shop/cart' })]);
  await assert.rejects(pay.send(body));
  await assert.rejects(pay.send(body));
  assert.equal(await pay.send(body), 'https://shop/cart');
  assert.deepEqual(keys, ['key-1', 'key-1', 'key-1']);
});

test('another amount, and a press after an answer, get a new key', async () => {
  const refused = () => Promise.reject(new Refusal('not_payable', 'No.', 409));
  const { keys, press: pay } = press([() => Promise.reject(new Refusal('unreachable')), refused, refused]);
  await assert.rejects(pay.send(body));
  await assert.rejects(pay.send({ ...body, currency: 'EUR' }));
  await assert.rejects(pay.send({ ...body, currency: 'EUR' }));
  assert.deepEqual(keys, ['key-1', 'key-2', 'key-3']);
});

test('a second press while one is under way does nothing', async () => {
  const { keys, press: pay } = press([() => ({ checkout_url: 'https://shop/cart' })]);
  const first = pay.send(body);
  assert.equal(await pay.send(body), null);
  assert.equal(await first, 'https://shop/cart');
  assert.equal(keys.length, 1);
});

test('a checkout address that is none is not followed', async () => {
  const { press: pay } = press([() => ({ checkout_url: 'javascript:alert(1)' })]);
  await assert.rejects(pay.send(body));
});

test('coming back says what happened, once, and claims nothing it does not know', () => {
  const kept = store();
  const begin = () => kept.set('ip-begun', ['1']);
  const open = [{ ...one, pending: null }];
  begin();
  assert.deepEqual(comingBack(kept, open), { cancelled: true });
  assert.deepEqual(comingBack(kept, open), {});
  begin();
  assert.deepEqual(comingBack(kept, [{ ...one, pending: '5.00' }]), {});
  begin();
  ended(kept);
  receipted(kept, { state: 'paid', number: 'PAY-1' });
  assert.deepEqual(comingBack(kept, open), { receipt: { state: 'paid', number: 'PAY-1' } });
});

test('what was paid is selected no more, the rest still is', () => {
  const kept = store();
  const selection = new Selection('c-1', kept);
  selection.add(one);
  selection.add(two);
  kept.set('ip-begun', ['1']);
  ended(kept);
  assert.deepEqual([...new Selection('c-1', kept).lines.keys()], ['2']);
});
