// Right: a server of Node.js; one request for a token at a time, whoever waits for it.
import { createServer } from 'node:http';

const env = process.env;
let token;
let until = 0;
let asking;

async function fetchToken() {
  const basic = Buffer.from(`${env.CUTOVER_CLIENT_ID}:${env.CUTOVER_CLIENT_SECRET}`).toString('base64');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await fetch(env.CUTOVER_TOKEN_URL, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const body = await answer.text();
    if (answer.ok) {
      const { access_token: issued, expires_in: life = 3600 } = JSON.parse(body);
      token = issued;
      until = performance.now() + Number(life) * 900;
      return;
    }
    await new Promise((after) => setTimeout(after, 1000 * Number(answer.headers.get('retry-after') ?? 1)));
  }
  throw new Error('no token');
}

async function goodToken() {
  if (!token || performance.now() > until) {
    asking ??= fetchToken().finally(() => { asking = undefined; });
    await asking;
  }
  return token;
}

async function orders() {
  for (let attempt = 0; ; attempt += 1) {
    const used = await goodToken();
    const answer = await fetch(`${env.CUTOVER_API_URL}/orders`, { headers: { Authorization: `Bearer ${used}` } });
    const body = await answer.text();
    if (answer.status === 401 && attempt === 0) {
      if (token === used) token = undefined;
      continue;
    }
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
    return JSON.parse(body).items.length;
  }
}

createServer((request, response) => {
  orders().then(
    (items) => response.end(JSON.stringify({ items })),
    (error) => { console.error(error.message); response.writeHead(502).end(); },
  );
}).listen(Number(env.CUTOVER_PORT), '127.0.0.1');
