import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { allowedRadios, kindOf, linesOf, orderInPath, pageOf } from '../../../storefront_scripts/src/cart.js';
import { day, lateness, t, tn, useTexts } from '../../../storefront_scripts/src/text.js';
import { contrast } from '../../../storefront_scripts/src/theme.js';

const ours = { sku: 'IP-INVOICE', name: 'Invoice INV-1', extendedListPrice: 2600 };
const goods = { sku: 'PIPE-1', name: 'Pipe', extendedListPrice: 3 };

test('a cart is ours when every line is', () => {
  assert.equal(kindOf({ physicalItems: [], digitalItems: [ours, ours], customItems: [], giftCertificates: [] }), 'ours');
  assert.equal(kindOf({ physicalItems: [goods], digitalItems: [ours] }), 'mixed');
  assert.equal(kindOf({ digitalItems: [ours], giftCertificates: [{ amount: 10 }] }), 'mixed');
  assert.equal(kindOf({ physicalItems: [goods], customItems: [{ sku: 'B2B-INV', name: 'Invoice 9' }] }), 'other');
  assert.equal(kindOf({ physicalItems: [], digitalItems: [] }), 'other');
  assert.equal(kindOf(undefined), 'other');
});

test('the shop’s numbers become amounts without arithmetic', () => {
  const amounts = [2600, 2600.5, 0.1, 90071992547.93].map((extendedListPrice) => ({ ...ours, extendedListPrice }));
  const cart = { currency: { decimalPlaces: 2 }, lineItems: { digitalItems: amounts } };
  assert.deepEqual(linesOf(cart).map((line) => line.amount), ['2600.00', '2600.50', '0.10', '90071992547.93']);
  assert.equal(linesOf({ currency: { decimalPlaces: 0 }, lineItems: { digitalItems: [ours] } })[0].amount, '2600');
});

test('a gateway stands for all its methods, a method for itself, none for none', () => {
  assert.equal(allowedRadios(['adyen', 'braintree.card']), '[id="radio-adyen"],[id^="radio-adyen-"],[id="radio-braintree-card"],[id^="radio-braintree-card-"]');
  assert.equal(allowedRadios([]), ':not(*)');
});

test('pages are known by their path', () => {
  const pages = {
    '/checkout': 'checkout', '/checkout/5a7b-uuid': 'checkout', '/embedded-checkout': 'checkout', '/fr/checkout': 'checkout',
    '/checkout/order-confirmation': 'confirmation', '/checkout/order-confirmation/501': 'confirmation',
    '/checkout-guide': null, '/invoices/': null, '/': null,
  };
  for (const [path, page] of Object.entries(pages)) assert.equal(pageOf(path), page, path);
  assert.equal(orderInPath('/checkout/order-confirmation/501'), '501');
  assert.equal(orderInPath('/checkout/order-confirmation'), null);
});

beforeEach(() => useTexts({ language: 'en', late_one: '{n} day late', late_other: '{n} days late', ahead_one: 'in {n} day', ahead_other: 'in {n} days', due_today: 'due today' }));

test('dates have the month in letters and no zone can move them', () => {
  assert.equal(day('2026-09-13'), '13 Sep 2026');
  assert.equal(day('2026-01-01'), '1 Jan 2026');
  assert.equal(day(null), '');
  useTexts({ language: 'de' });
  assert.equal(day('2026-09-13'), '13. Sept. 2026');
});

test('lateness is in words', () => {
  assert.deepEqual([70, 1, 0, -1, -13].map(lateness), ['70 days late', '1 day late', 'due today', 'in 1 day', 'in 13 days']);
});

test('a sentence the server lacks stays English, and values are put in as they are', () => {
  useTexts({ sign_in: 'Anmelden' });
  assert.equal(t('sign_in'), 'Anmelden');
  assert.equal(t('try_again'), 'Try again');
  assert.equal(tn('paying_for', 2, { company: '$& <b>' }), 'paying_for_other');
  useTexts({ paying_for_other: '{n} of {company}' });
  assert.equal(tn('paying_for', 2, { company: '$& <b>' }), '2 of $& <b>');
});

test('contrast is that of WCAG, near enough to decide', () => {
  assert.ok(Math.abs(contrast([0, 0, 0], [255, 255, 255]) - 21) < 0.01);
  assert.ok(Math.abs(contrast([118, 118, 118], [255, 255, 255]) - 4.54) < 0.15);
});
