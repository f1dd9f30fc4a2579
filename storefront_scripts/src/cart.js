/** The SKU of the payment product, the one mark by which a cart of ours is known. */
const SKU = 'IP-INVOICE';

/** 'ours' when every line pays an invoice, 'mixed' when some do, 'other' for everybody else's cart. */
export function kindOf(lineItems) {
  const lines = Object.values(lineItems ?? {}).flat();
  const ours = lines.filter((line) => line.sku === SKU);
  if (!ours.length) return 'other';
  return ours.length === lines.length ? 'ours' : 'mixed';
}

/** Ask the shop itself, as the shopper; null when it has no answer. */
export async function askShop(path, method) {
  try {
    const response = await fetch(`/api/storefront${path}`, { method, credentials: 'same-origin', cache: 'no-store' });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Take the cart of a payment that was given up out of the shop, which would go on offering it. */
export async function dropCart() {
  const [cart] = (await askShop('/carts')) ?? [];
  if (kindOf(cart?.lineItems) === 'ours') await askShop(`/carts/${encodeURIComponent(cart.id)}`, 'DELETE');
}

/** Name and amount (major units, as text) of each line, for the time our own server is silent. */
export function linesOf(cart) {
  return Object.values(cart.lineItems ?? {}).flat().map((line) => ({
    number: line.name,
    // The storefront gives a JSON number; its shortest decimal text is what was sent, nothing is computed with it.
    amount: padded(String(line.extendedListPrice ?? line.extendedSalePrice), cart.currency?.decimalPlaces ?? 2),
  }));
}

function padded(text, digits) {
  const [whole, rest = ''] = text.split('.');
  return digits ? `${whole}.${rest.padEnd(digits, '0')}` : text;
}

/**
 * A selector for the radios of the methods the server allows. It names gateways or single methods (`gateway.method`); the
 * page's ids are `radio-{method}` or `radio-{gateway}-{method}`. None allowed: a selector that nothing matches.
 */
export function allowedRadios(methods) {
  const ids = methods.map((method) => `radio-${method.replace('.', '-')}`);
  return ids.map((id) => `[id="${id}"],[id^="${id}-"]`).join() || ':not(*)';
}

/** An order number in the path of the confirmation page, or null. */
export function orderInPath(path) {
  return /\/order-confirmation\/(\d+)/.exec(path)?.[1] ?? null;
}

/** 'confirmation', 'checkout' or null. The confirmation page lies under /checkout, so it is asked first. */
export function pageOf(path) {
  if (/\/order-confirmation(\/|$)/.test(path)) return 'confirmation';
  return /\/(embedded-)?checkout(\/|$)/.test(path) ? 'checkout' : null;
}
