// client-oauth2: the token object signs requests, is asked whether it has expired, and refreshed.
// https://github.com/mulesoft-labs/js-client-oauth2

import ClientOAuth2 from 'client-oauth2';
import { asUser, clientId, clientSecret, fetchWith, password, run, tokenUrl, username } from './errand.mjs';

const auth = new ClientOAuth2({ clientId, clientSecret, accessTokenUri: tokenUrl });
const login = () => (asUser ? auth.owner.getToken(username, password) : auth.credentials.getToken());

let token = await login();
await run(async (url) => {
  if (token.expired()) token = asUser ? await token.refresh() : await login();
  const request = token.sign({ method: 'get', url, headers: {} });
  return fetchWith(request.url, request.headers);
});
