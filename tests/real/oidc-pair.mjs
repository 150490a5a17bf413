// Two real authorization servers (oidc-provider) on loopback, over TLS, each with the same small API behind
// it: the old one issues opaque access tokens for an hour, the new one JWTs for fifteen minutes. The
// only other difference is one price, which became a text. Both rotate refresh tokens, know a client by its
// key, one by its certificate, a public one, one whose tokens live for seconds, and a gateway that asks about
// tokens. Takes a folder with ca.pem, server.pem and server.key; writes the key of the client that signs,
// and five refresh tokens of each side, there. Prints one line of JSON when both listen. With `yes` behind the
// folder a refresh token that was used is followed by another one in its file, so that a run can be repeated.

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { createLocalJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import Provider from 'oidc-provider';

// Standard output is for the one line: notices of the provider go to the log.
console.info = console.error;

const RESOURCE = 'urn:orders';
const FOLDER = process.argv[2];
const AGAIN = process.argv[3] === 'yes';
const BRIEF = 4;
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
      grant_types: ['client_credentials', 'refresh_token'],
      redirect_uris: [],
      response_types: [],
    }, {
      client_id: 'certified',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'client.example.com',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }, {
      client_id: 'open',
      token_endpoint_auth_method: 'none',
      grant_types: ['refresh_token'],
      redirect_uris: [],
      response_types: [],
    }, {
      client_id: 'brief',
      client_secret: 'another secret of tests',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }, {
      client_id: 'gateway',
      client_secret: 'a-secret-of-the-gateway',
      grant_types: [],
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
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt', 'tls_client_auth', 'none'],
    scopes: ['read', 'write', 'offline_access'],
    rotateRefreshToken: true,
    jwks,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        getCertificate: (ctx) => ctx.socket.getPeerX509Certificate(),
        certificateAuthorized: (ctx) => ctx.socket.authorized,
        certificateSubjectMatches: (ctx, _, expected) => Boolean(
          ctx.socket.getPeerX509Certificate()?.checkHost(expected),
        ),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        getResourceServerInfo: (ctx, resource, client) => ({
          scope: 'read write',
          audience: RESOURCE,
          accessTokenTTL: client.clientId === 'brief' ? BRIEF : life,
          accessTokenFormat: format,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

async function accepts(side, token) {
  if (side.format === 'opaque') {
    const { ClientCredentials, AccessToken } = side.provider;
    return Boolean(await ClientCredentials.find(token) ?? await AccessToken.find(token));
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
async function signer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(join(FOLDER, 'signer.pem'), await exportPKCS8(privateKey), { mode: 0o600 });
  return { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'signer-key' }] };
}

// A refresh token of a user who signed in before the test: the pair file reads it from a file. With `openid` an
// ID token comes with each refresh.
async function seed(side, file, openid = '') {
  const client = await side.provider.Client.find(CLIENT.client_id);
  const grant = new side.provider.Grant({ accountId: 'john', clientId: client.clientId });
  grant.addOIDCScope(`${openid} offline_access`.trim());
  grant.addResourceScope(RESOURCE, 'read');
  const token = new side.provider.RefreshToken({
    accountId: 'john',
    client,
    grantId: await grant.save(),
    gty: 'authorization_code',
    resource: RESOURCE,
    scope: `${openid} offline_access read`.trim(),
  });
  const value = await token.save();
  writeFileSync(join(FOLDER, file), value, { mode: 0o600 });
  if (!AGAIN) return;
  const timer = setInterval(async () => {
    const left = await side.provider.RefreshToken.find(value);
    if (left && !left.consumed) return;
    clearInterval(timer);
    await seed(side, file, openid);
  }, 500);
}

async function start(name, format, signer) {
  const side = { format, keys: await keys() };
  const file = (name) => readFileSync(join(FOLDER, name));
  const tls = {
    ca: file('ca.pem'),
    cert: file('server.pem'),
    key: file('server.key'),
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = createServer(tls, (request, response) => {
    if (request.url.startsWith('/api/')) {
      api(side, request, response);
    } else {
      side.handle(request, response);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  side.issuer = `https://127.0.0.1:${server.address().port}`;
  side.provider = provider(side.issuer, format, side.keys.signing, signer);
  side.handle = side.provider.callback();
  await seed(side, `${name}.seed`);
  for (const use of ['probe', 'cross', 'stolen']) await seed(side, `${name}.${use}.seed`);
  await seed(side, `${name}.openid.seed`, 'openid');
  return side.issuer;
}

const known = await signer();
const [old, fresh] = [await start('old', 'opaque', known), await start('new', 'jwt', known)];
console.log(JSON.stringify({ old, new: fresh, ...CLIENT }));
