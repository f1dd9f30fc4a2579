import { linkAccount } from './account-link.js';
import { Api } from './api.js';
import { CLIENT_ID, STYLE } from './built.js';
import { BuyerPage } from './buyer-page.js';
import { pageOf } from './cart.js';
import { CheckoutPanel, runCheckout } from './checkout.js';
import { ConfirmationPanel, runConfirmation } from './confirmation.js';
import { adopt, fill, flag, report, safely } from './dom.js';
import { Filters } from './filters.js';
import { InvoiceDetail } from './invoice-detail.js';
import { InvoiceList } from './invoice-list.js';
import { PayBar } from './pay-bar.js';
import { readTheme } from './theme.js';

const ELEMENTS = {
  'ip-invoices': BuyerPage,
  'ip-filters': Filters,
  'ip-invoice-list': InvoiceList,
  'ip-invoice-detail': InvoiceDetail,
  'ip-pay-bar': PayBar,
  'ip-checkout-panel': CheckoutPanel,
  'ip-confirmation-panel': ConfirmationPanel,
};

/** The page this is, and what to do on it. */
async function run(api) {
  const page = pageOf(location.pathname);
  if (page === 'checkout') return runCheckout(api);
  if (page === 'confirmation') return runConfirmation(api);
  const home = document.getElementById('invoice-portal');
  if (home) {
    const region = new BuyerPage();
    region.className = 'ip-portal';
    flag(document.documentElement, 'ip-page', true);
    fill(home, region);
    readTheme(region);
    await region.begin(api);
  }
  return linkAccount(api, !home);
}

/** Begin, once per page: an old and a new version may be registered side by side for a moment. */
function begin(script) {
  if (customElements.get('ip-invoices')) return;
  for (const [name, element] of Object.entries(ELEMENTS)) customElements.define(name, element);
  adopt(STYLE);
  const source = new URL(script.src);
  const channelId = Number(source.searchParams.get('channel_id') ?? 1);
  const locale = document.documentElement.lang || 'en';
  const api = new Api({ base: source.origin, clientId: CLIENT_ID, channelId, locale });
  const start = () => run(api).catch(report);
  // A page the browser merely guessed at has no visitor yet.
  if (document.prerendering) document.addEventListener('prerenderingchange', start, { once: true });
  else if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
  else start();
}

safely(begin)(document.currentScript);
