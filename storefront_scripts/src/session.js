import { useCurrencies } from './money.js';
import { useTexts } from './text.js';

/** Open the session if there is none yet, and speak and count from then on as it says. Refuses with Refusal. */
export async function learn(api, query) {
  if (!api.session) {
    api.session = await api.open(query);
    useTexts(api.session.texts);
    useCurrencies(api.session.currencies);
  }
  return api.session;
}
