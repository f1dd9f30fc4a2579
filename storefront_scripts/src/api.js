import { sleep } from './dom.js';
import { keep } from './keep.js';

/** An answer that is not the one asked for: a refusal of our server, or no answer at all (`unreachable`). */
export class Refusal extends Error {
  constructor(code, detail = '', status = 0, lines = []) {
    super(detail || code);
    Object.assign(this, { code, detail, status, lines });
  }

  /** Whether trying the same again may help. */
  get passing() {
    return !this.judged || this.status === 429 || this.status >= 500;
  }

  /** Whether our server judged the request. If not, it may have been carried out all the same. */
  get judged() {
    return this.code !== 'unreachable';
  }
}

/** Kept in the tab: {link}, the menu entry's words for one who may see invoices, null for one who may not. */
export const ACCESS = 'ip-access';

const RETRIES = [400, 1500];

/**
 * Our server, asked as the signed-in buyer. The shop vouches for the buyer with a signed token of 15 minutes, which is
 * exchanged for our own; both stay in memory. An expired one is renewed silently, once per request. Given are `base` (our
 * origin), `clientId`, `channelId` and `locale`.
 */
export class Api {
  #token = null;
  #exchange = null;

  constructor(given) {
    Object.assign(this, given);
  }

  /** Exchange the shop's word for a session; with a list query the answer carries that list too. */
  async open(query) {
    const jwt = await this.#currentCustomer();
    const body = { jwt, channel_id: this.channelId, locale: this.locale, query };
    try {
      const session = await this.#send('POST', '/session', { body });
      this.#token = session.token;
      // Somebody else signed in meanwhile: what the page shows is not theirs.
      if (this.session && this.session.company.id !== session.company.id) location.reload();
      keep.set(ACCESS, { link: session.texts.invoices });
      return session;
    } catch (refusal) {
      if (refusal.status === 403) keep.set(ACCESS, { link: null });
      throw refusal;
    }
  }

  /** Read from our server. */
  get(path) {
    return this.#signed('GET', path);
  }

  /** Write to our server; the key makes a repetition harmless. */
  post(path, body, key) {
    return this.#signed('POST', path, { body, key });
  }

  async #signed(method, path, more = {}) {
    if (!this.#token) await this.#renew();
    const token = this.#token;
    try {
      return await this.#send(method, path, { ...more, token });
    } catch (refusal) {
      if (refusal.status !== 401) throw refusal;
      // Several requests may find the token expired at once: one renewal serves them all.
      if (this.#token === token) await this.#renew();
      return this.#send(method, path, { ...more, token: this.#token });
    }
  }

  #renew() {
    this.#token = null;
    this.#exchange ??= this.open().finally(() => (this.#exchange = null));
    return this.#exchange;
  }

  async #currentCustomer() {
    const path = `/customer/current.jwt?app_client_id=${encodeURIComponent(this.clientId)}`;
    const response = await this.#tried(path, { credentials: 'same-origin', cache: 'no-store' });
    if (response.status >= 500) throw new Refusal('unreachable', '', response.status);
    const text = response.ok ? (await response.text()).trim() : '';
    if (!/^[\w-]+(\.[\w-]+){2}$/.test(text)) throw new Refusal('not_signed_in', '', 401);
    return text;
  }

  async #send(method, path, { body, key, token } = {}) {
    const headers = { Accept: 'application/json' };
    if (body) headers['Content-Type'] = 'application/json';
    if (key) headers['Idempotency-Key'] = key;
    if (token) headers.Authorization = `Bearer ${token}`;
    const request = { method, headers, credentials: 'omit', cache: 'no-store' };
    if (body) request.body = JSON.stringify(body);
    const response = await this.#tried(`${this.base}/storefront/v1${path}`, request);
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return answer;
    if (!answer?.code) throw new Refusal('unreachable', '', response.status);
    throw new Refusal(answer.code, answer.detail ?? answer.title, response.status, answer.lines);
  }

  /**
   * Fetch, again after a pause when nothing or only a gateway answered. All we send is safe to repeat: reads, the
   * exchange, and payments under a key. A coded problem is an answer and is never asked for twice.
   */
  async #tried(url, request) {
    for (let turn = 0; ; turn++) {
      const last = turn === RETRIES.length;
      try {
        const response = await fetch(url, { ...request, signal: AbortSignal.timeout(20000) });
        const coded = (response.headers.get('Content-Type') ?? '').includes('json');
        if (last || coded || ![429, 502, 503, 504].includes(response.status)) return response;
      } catch (error) {
        if (last) throw new Refusal('unreachable', error.message);
      }
      await sleep(RETRIES[turn]);
    }
  }
}
