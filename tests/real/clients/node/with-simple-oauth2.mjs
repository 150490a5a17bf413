// simple-oauth2: the token object is kept, asked whether it has expired, and refreshed; with client
// credentials a new one is asked for. https://github.com/lelylan/simple-oauth2

import { ClientCredentials, ResourceOwnerPassword } from 'simple-oauth2';
import { asUser, clientId, clientSecret, fetchWith, password, run, tokenUrl, username } from './errand.mjs';

const { origin, pathname } = new URL(tokenUrl);
const config = {
  client: { id: clientId, secret: clientSecret },
  auth: { tokenHost: origin, tokenPath: pathname },
};
const client = asUser ? new ResourceOwnerPassword(config) : new ClientCredentials(config);
const login = () => client.getToken(asUser ? { username, password } : {});

let accessToken = await login();
await run(async (url) => {
  if (accessToken.expired()) {
    accessToken = asUser ? await accessToken.refresh() : await login();
  }
  return fetchWith(url, { Authorization: `Bearer ${accessToken.token.access_token}` });
});
