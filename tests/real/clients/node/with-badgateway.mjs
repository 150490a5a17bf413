// @badgateway/oauth2-client: `OAuth2Fetch`, a fetch that has a token.
// https://github.com/badgateway/oauth2-client

import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';
import { asUser, clientId, clientSecret, password, run, tokenUrl, username } from './errand.mjs';

const client = new OAuth2Client({ clientId, clientSecret, tokenEndpoint: tokenUrl });
const wrapper = new OAuth2Fetch({
  client,
  getNewToken: () => (asUser ? client.password({ username, password }) : client.clientCredentials()),
});
await run(async (url) => {
  const answer = await wrapper.fetch(url);
  return { status: answer.status, body: answer.ok ? await answer.json() : null };
});
