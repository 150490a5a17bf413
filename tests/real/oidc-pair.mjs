// Two real authorization servers (oidc-provider) on loopback, each with the same small API behind it:
// the old one issues opaque access tokens for an hour, the new one JWTs for fifteen minutes. The
// only other difference is one price, which became a text. Prints one line of JSON when both listen.

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createLocalJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import Provider from 'oidc-provider';

const RESOURCE = 'urn:orders';
const CLIENT = { client_id: 'cutover', client_secret: 'a secret of tests: +/%&' };

async function keys() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const named = async (key) => ({
    keys: [{ ...(await exportJWK(key)), alg: 'RS256', use: 'sig', kid: 'test-key' }],
  });
  return { signing: await named(privateKey), checking: await named(publicKey) };
}

function provider(issuer, format, jwks, signer) {
  const life = format === 'jwt' ? 900 : 3600;
  return new Provider(issuer, {
    clients: [{
      ...CLIENT,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }, {
      client_id: 'signer',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: signer,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }],
    scopes: ['read', 'write'],
    jwks,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        getResourceServerInfo: () => ({
          scope: 'read write',
          audience: RESOURCE,
          accessTokenTTL: life,
          accessTokenFormat: format,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

async function accepts(side, token) {
  if (side.format === 'opaque') {
    return Boolean(await side.provider.ClientCredentials.find(token));
  }
  try {
    const options = { issuer: side.issuer, audience: RESOURCE };
    await jwtVerify(token, createLocalJWKSet(side.keys.checking), options);
    return true;
  } catch {
    return false;
  }
}

async function api(side, request, response) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const answer = (status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  if (scheme.toLowerCase() !== 'bearer' || !(await accepts(side, token))) {
    const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' };
    answer(401, { error: 'invalid_token' }, challenge);
  } else if (request.url === '/api/orders') {
    answer(200, { orders: [{ id: 1, price: 12.5 }, { id: 2, price: 7 }] });
  } else if (request.url === '/api/orders/1') {
    answer(200, { id: 1, price: side.format === 'jwt' ? '12.5' : 12.5 });
  } else {
    answer(404, { error: 'not_found' });
  }
}

// The client that signs: its private key is written where the pair file finds it.
async function signer(file) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(file, await exportPKCS8(privateKey), { mode: 0o600 });
  return { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'signer-key' }] };
}

async function start(format, signer) {
  const side = { format, keys: await keys() };
  const server = createServer((request, response) => {
    if (request.url.startsWith('/api/')) {
      api(side, request, response);
    } else {
      side.handle(request, response);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  side.issuer = `http://127.0.0.1:${server.address().port}`;
  side.provider = provider(side.issuer, format, side.keys.signing, signer);
  side.handle = side.provider.callback();
  return side.issuer;
}

const known = await signer(process.argv[2]);
const [old, fresh] = [await start('opaque', known), await start('jwt', known)];
console.log(JSON.stringify({ old, new: fresh, ...CLIENT }));
