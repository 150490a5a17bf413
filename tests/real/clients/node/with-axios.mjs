// axios-oauth-client with the cache of axios-token-interceptor, which has no refresh tokens: a user logs
// in again. https://github.com/compwright/axios-oauth-client, https://github.com/sandrinodimattia/axios-token-interceptor

import axios from 'axios';
import { clientCredentials, ownerCredentials } from 'axios-oauth-client';
import tokenProvider from 'axios-token-interceptor';
import { asUser, clientId, clientSecret, password, run, tokenUrl, username } from './errand.mjs';

const grant = asUser ? ownerCredentials : clientCredentials;
const ask = grant(axios.create(), tokenUrl, clientId, clientSecret);
const getToken = tokenProvider.tokenCache(() => (asUser ? ask(username, password) : ask()), {
  getMaxAge: (body) => body.expires_in * 1000,
});
const instance = axios.create();
instance.interceptors.request.use(
  tokenProvider({ getToken, headerFormatter: (body) => `Bearer ${body.access_token}` }),
);
await run(async (url) => {
  const { status, data } = await instance.get(url);
  return { status, body: data };
});
