import { ENGLISH } from './english.js';

let sentences = ENGLISH;

/** Take the sentences of the session answer. What it lacks stays English. */
export function useTexts(texts) {
  sentences = { ...ENGLISH, ...texts };
}

/** The sentence of a key, its {names} filled in. */
export function t(key, values = {}) {
  return (sentences[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** The sentence for a number of things: `key_one` or `key_other`, with {n}. */
export function tn(key, n, values) {
  const form = new Intl.PluralRules(sentences.language).select(n) === 'one' ? 'one' : 'other';
  return t(`${key}_${form}`, { n, ...values });
}

/** `2026-09-13` as 13 Sep 2026, or as the language writes it. An ISO date has no zone, so none may shift it. */
export function day(iso) {
  const at = new Date(`${iso}T00:00:00Z`);
  if (!iso || Number.isNaN(at.getTime())) return '';
  const month = { month: 'short', timeZone: 'UTC' };
  if (sentences.language.startsWith('en')) {
    // Day first with the month in letters reads the same to Americans and Europeans.
    return `${at.getUTCDate()} ${at.toLocaleDateString('en-US', month)} ${at.getUTCFullYear()}`;
  }
  return at.toLocaleDateString(sentences.language, { ...month, day: 'numeric', year: 'numeric' });
}

/** How late or how far off a due date is, in words. */
export function lateness(daysLate) {
  if (daysLate > 0) return tn('late', daysLate);
  return daysLate < 0 ? tn('ahead', -daysLate) : t('due_today');
}
