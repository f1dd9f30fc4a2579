import { ACCESS } from './api.js';
import { h } from './dom.js';
import { keep } from './keep.js';

const SIGN_OUT = 'a[href*="action=logout"]';

/** Put one link beside each sign-out link and into the account menu, dressed like its neighbour there. */
function put(label) {
  const neighbours = document.querySelectorAll(`${SIGN_OUT}, .navBar--account li:last-child a`);
  for (const neighbour of neighbours) {
    const item = neighbour.closest('li');
    const alone = item?.querySelectorAll('a').length === 1;
    const place = alone ? item : neighbour;
    if (place.parentNode.querySelector('.ip-account-link')) continue;
    const link = h('a', { class: `${neighbour.className} ip-account-link`, href: '/invoices/' }, label);
    place.before(alone ? h('li', { class: item.className }, link) : link);
  }
}

/**
 * The menu entry for those who may see invoices. Only a page that offers to sign out has somebody signed in; on others
 * nobody is asked. The answer is kept while the tab lives and forgotten when the person signs out.
 */
export async function linkAccount(api, mayAsk) {
  if (!document.querySelector(SIGN_OUT)) return keep.drop(ACCESS);
  // A page left before the answer counts for nothing, but a server that only fails is not asked for ever.
  const tries = keep.get(ACCESS) ?? 0;
  if (mayAsk && tries < 3) {
    await api.open().finally(() => keep.get(ACCESS)?.link === undefined && keep.set(ACCESS, tries + 1));
  }
  const label = keep.get(ACCESS)?.link;
  return label && put(label);
}
