import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { checked, decimal, formatOf, money, moneyOf, plain, toMajor, toMinor, typed, useCurrencies } from '../../../storefront_scripts/src/money.js';

const USD = { digits: 2, prefix: '$', suffix: '', decimal: '.', group: ',' };
const EUR = { digits: 2, prefix: '', suffix: ' €', decimal: ',', group: '.' };
const JPY = { digits: 0, prefix: '¥', suffix: '', decimal: '.', group: ',' };
const KWD = { digits: 3, prefix: '', suffix: ' KD', decimal: '.', group: ',' };
const CHF = { digits: 2, prefix: 'CHF ', suffix: '', decimal: '.', group: '’' };
const SEK = { digits: 2, prefix: '', suffix: ' kr', decimal: ',', group: ' ' };

beforeEach(() => useCurrencies({ USD, EUR, JPY, KWD, CHF, SEK }));

test('an amount is read as it was meant, or refused', () => {
  const read = [
    ['USD', '125', 12500n], ['USD', '12', 1200n], ['USD', '1500', 150000n], ['USD', '1.5', 150n], ['USD', '125.00', 12500n],
    ['USD', '1,250.50', 125050n], ['USD', '1,250', 125000n], ['USD', '1,234,567.89', 123456789n], ['USD', '$1,250.50', 125050n],
    ['USD', ' 1 250.50 ', 125050n], ['USD', "1'250.50", 125050n], ['USD', '1,50', 150n], ['USD', '1.250,50', 125050n],
    ['USD', '1\u00a0250.50', 125050n], ['USD', '\u200e125', 12500n], ['USD', '0', 0n], ['USD', '999999999999.99', 99999999999999n],
    ['EUR', '1.250,50', 125050n], ['EUR', '1.250', 125000n], ['EUR', '1,5', 150n], ['EUR', '1.5', 150n], ['EUR', '1,250.50', 125050n],
    ['EUR', '125 €', 12500n], ['JPY', '1250', 1250n], ['JPY', '1,250', 1250n], ['KWD', '1.250', 1250n], ['KWD', '1,250', 1250000n],
    ['CHF', '1’250.50', 125050n], ['CHF', 'CHF 125', 12500n], ['SEK', '1 250,50', 125050n], ['SEK', '1250,50 kr', 125050n],
  ];
  for (const [code, text, minor] of read) assert.equal(typed(text, code), minor, `${code} ${text}`);
});

test('what could mean two things, or is no amount, is refused and not guessed (T-15)', () => {
  const refused = [
    ['USD', ''], ['USD', ' '], ['USD', '-5'], ['USD', '+5'], ['USD', '1e3'], ['USD', '1_000'], ['USD', '１０'], ['USD', '.50'], ['USD', '5.'],
    ['USD', '1.250'], ['USD', '1.234.567'], ['USD', '1,25,000'], ['USD', '12,50.00'], ['USD', '1,250.505'], ['USD', '0x10'], ['USD', 'NaN'],
    ['USD', '1 2'], ['USD', '1,250,50'], ['USD', '125 €'], ['USD', '1000000000000'], ['USD', '1.2.3'], ['USD', '1\n2'],
    ['EUR', '1,250'], ['EUR', '1.25.0'], ['JPY', '12.5'], ['JPY', '1.250'], ['KWD', '1.2500'],
  ];
  for (const [code, text] of refused) assert.equal(typed(text, code), null, `${code} ${JSON.stringify(text)}`);
});

test('every amount survives being shown in a field and read back', () => {
  for (const code of ['USD', 'EUR', 'JPY', 'KWD', 'CHF', 'SEK']) {
    const { digits } = formatOf(code);
    for (let step = 0n; step < 1000n; step++) {
      const minor = step ** 4n + step;
      assert.equal(typed(plain(toMajor(minor, digits), code), code), minor);
      assert.equal(typed(moneyOf(minor, code), code), minor);
      assert.equal(toMinor(toMajor(minor, digits), digits), minor);
    }
  }
});

test('money keeps cents that no floating point number holds', () => {
  assert.equal(toMinor('90071992547409.93', 2), 9007199254740993n);
  assert.equal(money('90071992547409.93', 'USD'), '$90,071,992,547,409.93');
});

test('money is written the way of its currency', () => {
  assert.equal(money('6400.00', 'USD'), '$6,400.00');
  assert.equal(money('-50.00', 'USD'), '-$50.00');
  assert.equal(money('1250.50', 'EUR'), '1.250,50 €');
  assert.equal(money('1250', 'JPY'), '¥1,250');
  assert.equal(money('0.005', 'KWD'), '0.005 KD');
  assert.equal(money('12.50', 'XXX'), '12.50 XXX');
  assert.equal(money('oops', 'USD'), 'oops');
  assert.equal(decimal('1520.12345678', USD), '1,520.12345678');
});

test('two currencies with one sign get their codes', () => {
  useCurrencies({ USD, CAD: { ...USD }, EUR });
  assert.equal(money('5.00', 'USD'), '$5.00 USD');
  assert.equal(money('5.00', 'CAD'), '$5.00 CAD');
  assert.equal(money('5.00', 'EUR'), '5,00 €');
});

test('only amounts of the currency’s digits come from a server string', () => {
  for (const text of ['1.234', '1e3', '', '1,00', ' 1', '١']) assert.equal(toMinor(text, 2), null, text);
  assert.equal(toMinor('2600.5', 2), 260050n);
});

test('an amount is held against the balance', () => {
  assert.deepEqual(checked('2600.00', '2600.00', 'USD'), { minor: 260000n, problem: null });
  assert.equal(checked('2600.01', '2600.00', 'USD').problem, 'amount_too_much');
  assert.equal(checked('0.00', '2600.00', 'USD').problem, 'amount_zero');
  assert.equal(checked('abc', '2600.00', 'USD').problem, 'amount_unreadable');
});
