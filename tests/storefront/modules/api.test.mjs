import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from '../../../storefront_scripts/src/api.js';

// Pauses between tries pass at once.
globalThis.setTimeout = (act) => queueMicrotask(act);

const JWT = 'aa.bb.cc';
const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const gateway = () => new Response('<h1>502</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } });
const problem = (status, code, more) => json({ code, title: code, detail: `${code}.`, ...more }, status);

/** An Api whose requests are answered in turn by the functions of `routes`, by path; `asked` has what was sent. */
function api(routes) {
  const asked = [];
  globalThis.fetch = async (url, request) => {
    const path = url.replace('https://our.test/storefront/v1', '');
    asked.push({ path, ...request });
    const answers = routes[path.split('?')[0]];
    const answer = (answers.length > 1 ? answers.shift() : answers[0])();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const made = new Api({ base: 'https://our.test', clientId: 'c', channelId: 1, locale: 'en' });
  return { api: made, asked, count: (path) => asked.filter((each) => each.path.startsWith(path)).length };
}

const signedIn = { '/customer/current.jwt': [() => new Response(JWT)] };
const session = (token) => () => json({ token, texts: { invoices: 'Invoices' }, currencies: {} });

test('the session is opened with the shop’s word and the list wanted', async () => {
  const { api: our, asked } = api({ ...signedIn, '/session': [session('t1')] });
  await our.open('status=unpaid');
  assert.deepEqual(JSON.parse(asked[1].body), { jwt: JWT, channel_id: 1, locale: 'en', query: 'status=unpaid' });
  assert.equal(asked[0].credentials, 'same-origin');
  assert.equal(asked[1].credentials, 'omit');
});

test('nobody signed in means no request to our server', async () => {
  for (const guest of [() => new Response('', { status: 404 }), () => new Response('<html>login</html>')]) {
    const { api: our, asked } = api({ '/customer/current.jwt': [guest] });
    await assert.rejects(our.open(), { code: 'not_signed_in' });
    assert.equal(asked.length, 1);
  }
});

test('an expired token is renewed silently, once for all requests that meet it', async () => {
  const expired = () => problem(401, 'not_signed_in');
  const answers = { '/invoices': [expired, expired, () => json({ items: [] })], '/session': [session('t1'), session('t2')] };
  const { api: our, asked, count } = api({ ...signedIn, ...answers });
  await our.open();
  const got = await Promise.all([our.get('/invoices?a'), our.get('/invoices?b')]);
  assert.deepEqual(got, [{ items: [] }, { items: [] }]);
  assert.equal(count('/session'), 2);
  assert.equal(asked.at(-1).headers.Authorization, 'Bearer t2');
});

test('a token refused twice in a row is a sign-in matter, not a loop', async () => {
  const { api: our, count } = api({ ...signedIn, '/session': [session('t1')], '/invoices': [() => problem(401, 'not_signed_in')] });
  await assert.rejects(our.get('/invoices'), { code: 'not_signed_in', status: 401 });
  assert.equal(count('/invoices'), 2);
});

test('silence and gateways are asked again twice, then it is said', async () => {
  const gone = () => new TypeError('Failed to fetch');
  const { api: our, count } = api({ ...signedIn, '/session': [gone, gateway, session('t1')], '/invoices': [gone] });
  await our.open();
  assert.equal(count('/session'), 3);
  await assert.rejects(our.get('/invoices'), (refusal) => refusal.code === 'unreachable' && refusal.passing && !refusal.judged);
  assert.equal(count('/invoices'), 3);
});

test('a coded refusal is an answer: not asked again, its words kept', async () => {
  const lines = [{ invoice_id: '1', code: 'more_than_owed', detail: 'Less.' }];
  const { api: our, count } = api({ ...signedIn, '/session': [session('t1')], '/payments': [() => problem(503, 'store_unreachable', { lines })] });
  const refused = await our.post('/payments', {}, 'k').catch((refusal) => refusal);
  assert.equal(refused.detail, 'store_unreachable.');
  assert.deepEqual(refused.lines, lines);
  assert.ok(refused.judged && refused.passing);
  assert.equal(count('/payments'), 1);
});

test('a payment repeated after silence or renewal carries the same key', async () => {
  const answers = [gateway, () => problem(401, 'not_signed_in'), () => json({ checkout_url: 'https://x' }, 201)];
  const { api: our, asked } = api({ ...signedIn, '/session': [session('t1')], '/payments': answers });
  await our.post('/payments', { lines: [] }, 'key-1');
  const keys = asked.filter((each) => each.path === '/payments').map((each) => each.headers['Idempotency-Key']);
  assert.deepEqual(keys, ['key-1', 'key-1', 'key-1']);
});

test('no right is no matter of trying again', async () => {
  const { api: our } = api({ ...signedIn, '/session': [() => problem(403, 'no_right')] });
  await assert.rejects(our.open(), (refusal) => refusal.code === 'no_right' && !refusal.passing);
});
