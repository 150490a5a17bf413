// What every program here does with its library: an errand of a few calls, told apart by the profile.
// The libraries differ in how they have a token and send it, and in nothing else.

import { setTimeout as sleep } from 'node:timers/promises';

const { env } = process;
export const tokenUrl = env.CUTOVER_TOKEN_URL;
export const apiUrl = env.CUTOVER_API_URL;
export const clientId = env.CUTOVER_CLIENT_ID;
export const clientSecret = env.CUTOVER_CLIENT_SECRET;
export const username = env.CUTOVER_USERNAME;
export const password = env.CUTOVER_PASSWORD;
const profile = env.CUTOVER_PROFILE;

// Where refresh tokens are what it is about, a user logs in; else it is the client itself.
export const asUser = profile.includes('refresh') || profile === 'parallel-rotation';
// Where tokens live 3 seconds, and calls are made one after the other.
const lapse = profile === 'short-lived' || (profile.includes('refresh') && profile !== 'no-refresh-token');
// Calls at once before there is a token.
const cold = profile === 'cold-start';
// Where a token has no life at all: libraries that compare to the millisecond have another one for each call.
const moment = profile === 'expires-in-zero' ? 5 : 0;
// Beyond the life of a token of 3 seconds, which is taken for up to 5.
const beyond = 5500;

// Calls the API with `get`, which takes a URL and gives the status and the body read from JSON.
export async function run(get) {
  const call = async (path) => {
    if (moment) await sleep(moment);
    const { status, body } = await get(apiUrl + path);
    if (status !== 200) throw new Error(`${path}: the API answered ${status}`);
    return body.items.length;
  };
  let items = cold ? null : await call('/customers/1');
  if (cold || profile.startsWith('parallel-')) {
    await sleep(cold ? 0 : beyond);
    const all = await Promise.all([0, 1, 2, 3, 4].map((at) => call(`/orders/${at}`)));
    items = Math.max(...all);
  } else {
    for (const path of ['/orders', '/orders/1']) {
      if (lapse) await sleep(beyond);
      items = await call(path);
    }
  }
  console.log(`${items} items`);
}

// For libraries that give a token and leave the call to the program.
export async function fetchWith(url, headers) {
  const answer = await fetch(url, { headers });
  return { status: answer.status, body: answer.ok ? await answer.json() : await answer.text() };
}
