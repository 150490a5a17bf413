// openid-client: grants, `expiresIn()` and `fetchProtectedResource`; the program keeps the token.
// https://github.com/panva/openid-client

import * as client from 'openid-client';
import { asUser, clientId, clientSecret, password, run, tokenUrl, username } from './errand.mjs';

const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
const config = new client.Configuration(server, clientId, clientSecret);

const login = () =>
  asUser
    ? client.genericGrantRequest(config, 'password', { username, password })
    : client.clientCredentialsGrant(config);

let tokens = await login();
await run(async (url) => {
  if (tokens.expiresIn() === 0) {
    const { refresh_token: refresh } = tokens;
    tokens = refresh ? await client.refreshTokenGrant(config, refresh) : await login();
  }
  const answer = await client.fetchProtectedResource(config, tokens.access_token, new URL(url), 'GET');
  return { status: answer.status, body: answer.ok ? await answer.json() : null };
});
