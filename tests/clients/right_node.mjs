// A right client in JavaScript: fetch, one token for all calls, one more at a 401.
const basic = Buffer.from(`${process.env.CUTOVER_CLIENT_ID}:${process.env.CUTOVER_CLIENT_SECRET}`);
let pending;

async function ask() {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await fetch(process.env.CUTOVER_TOKEN_URL, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic.toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    if (answer.ok) return (await answer.json()).access_token;
    const wait = Number(answer.headers.get('Retry-After') ?? 1);
    await new Promise((done) => setTimeout(done, wait * 1000));
  }
  throw new Error('no token');
}

async function call(path) {
  pending ??= ask();
  const used = pending;
  const get = async (token) => fetch(process.env.CUTOVER_API_URL + path, { headers: { Authorization: `Bearer ${token}` } });
  let answer = await get(await used);
  if (answer.status === 401) {
    await answer.text();
    if (pending === used) pending = ask();
    answer = await get(await pending);
  }
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  return answer.json();
}

await call('/customers/1');
const all = await Promise.all(['/orders', '/orders/1', '/orders/2'].map(call));
console.log(all.map((body) => body.items.length).join(' '));
