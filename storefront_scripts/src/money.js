/**
 * Money: BigInt minor units inside, strings in major units at the edges. Nothing here touches a floating point number.
 * A currency's format is {digits, prefix, suffix, decimal, group}, as the session answer gives it.
 */
let formats = {};

/** Take the currency table. Two currencies that would look alike get their code, so that no sum can be misread. */
export function useCurrencies(table) {
  const seen = {};
  for (const { prefix, suffix } of Object.values(table)) seen[prefix + suffix] = (seen[prefix + suffix] ?? 0) + 1;
  formats = {};
  for (const [code, format] of Object.entries(table)) {
    const alike = seen[format.prefix + format.suffix] > 1;
    formats[code] = alike ? { ...format, suffix: `${format.suffix} ${code}` } : format;
  }
}

/** The format of a currency; one the server did not name is shown plainly with its code. */
export function formatOf(code) {
  return formats[code] ?? { digits: 2, prefix: '', suffix: ` ${code}`, decimal: '.', group: ',' };
}

/** `"6400.00"` to 640000n; null for anything that is not an amount of so many digits. */
export function toMinor(major, digits) {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(major);
  if (!found || (found[3] ?? '').length > digits) return null;
  return BigInt(found[1] + found[2] + (found[3] ?? '').padEnd(digits, '0'));
}

/** 640000n to `"6400.00"`, the form our server reads. */
export function toMajor(minor, digits) {
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const cut = text.length - digits;
  return (minor < 0n ? '-' : '') + text.slice(0, cut) + (digits ? `.${text.slice(cut)}` : '');
}

function written(major, format, group) {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(major);
  if (!found) return null;
  const whole = found[2].replace(/\B(?=(\d{3})+$)/g, () => group);
  return { sign: found[1], number: found[3] ? whole + format.decimal + found[3] : whole };
}

/** An exact decimal such as a quantity or a unit price, with the currency's separators; every digit is kept. */
export function decimal(text, format) {
  const found = written(text, format, format.group);
  return found ? found.sign + found.number : String(text);
}

/** A major-unit string as the store shows it: `"6400.00"` in USD is `$6,400.00`. */
export function money(major, code) {
  const format = formatOf(code);
  const found = written(major, format, format.group);
  return found ? found.sign + format.prefix + found.number + format.suffix : String(major);
}

/** The same from minor units. */
export function moneyOf(minor, code) {
  return money(toMajor(minor, formatOf(code).digits), code);
}

/** What an amount field starts with: no sign, no grouping. */
export function plain(major, code) {
  return written(major, formatOf(code), '')?.number ?? '';
}

function reading(text, digits, point, groups) {
  const esc = (mark) => mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const fraction = digits ? `(?:${esc(point)}(\\d{1,${digits}}))?` : '()';
  const group = groups.filter((mark) => mark && mark !== point).map(esc).join('|');
  const found = new RegExp(`^(\\d{1,12}|\\d{1,3}(?:(${group})\\d{3})(?:\\2\\d{3}){0,2})${fraction}$`).exec(text);
  return found && { whole: found[1].replace(/\D/g, ''), rest: found[3] ?? '' };
}

/**
 * A typed amount to minor units, or null: refused, never rewritten.
 * First as the currency is written; else with point and comma exchanged, but only when decimals prove that reading,
 * so `1.250,50` is read in dollars and `1.250` is not (it could be 1250 or 1.25).
 */
export function typed(text, code) {
  const format = formatOf(code);
  const { digits } = format;
  // Direction marks ride along when a right-to-left page is copied from; white space between digits may group.
  let bare = text.replace(/[\u200e\u200f\u061c]/g, '').trim().replace(/\s/g, ' ');
  const [before, after] = [format.prefix.trim(), format.suffix.trim()];
  if (before && bare.startsWith(before)) bare = bare.slice(before.length).trim();
  if (after && bare.endsWith(after)) bare = bare.slice(0, -after.length).trim();
  const group = format.group.trim() || ' ';
  const own = reading(bare, digits, format.decimal, [group, ' ', "'", '’']);
  const other = format.decimal === ',' ? '.' : ',';
  const found = own ?? reading(bare, digits, other, [other === ',' ? '.' : ',', ' ', "'", '’']);
  if (!found || (!own && !found.rest)) return null;
  return BigInt(found.whole + found.rest.padEnd(digits, '0'));
}

/** A typed amount against a balance: {minor, problem}, problem being a text key or null. */
export function checked(text, balance, code) {
  const minor = typed(text, code);
  if (minor === null) return { minor, problem: 'amount_unreadable' };
  if (minor === 0n) return { minor, problem: 'amount_zero' };
  const most = toMinor(balance, formatOf(code).digits);
  return { minor, problem: minor > most ? 'amount_too_much' : null };
}
