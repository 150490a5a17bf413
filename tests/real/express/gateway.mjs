// Express Gateway on a free port of loopback, before the backend at the given port: `opaque` issues and takes
// tokens of its own store, `jwt` signs JWTs and takes them by their signature. Knows one application that may
// ask for `read`. Takes the format, the backend's port, and a folder that it fills with its settings. Prints
// one line of JSON when it listens.

import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [format, backend, folder] = process.argv.slice(2);
const SECRET = 'a-secret-of-the-application';
const LIFE = 7_200_000;
const require = createRequire(import.meta.url);

// Standard output is for the one line: what the gateway says goes to the log.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

mkdirSync(folder);
const path = (name) => join(folder, name);
const models = join(dirname(require.resolve('express-gateway/package.json')), 'lib/config/models');
cpSync(models, path('models'), { recursive: true });

const jwt = { tokenType: 'jwt', issuer: 'urn:gateway', audience: 'urn:orders', subject: 'orders', algorithm: 'RS256' };
if (format === 'jwt') {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(path('private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(path('public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  jwt.secretOrPrivateKeyFile = path('private.pem');
}
const check = format === 'jwt'
  ? { jwt: [{ action: { secretOrPublicKeyFile: path('public.pem'), checkCredentialExistence: false, algorithms: ['RS256'] } }] }
  : { oauth2: null };

// The settings are YAML, of which JSON is a part.
writeFileSync(path('system.config.yml'), JSON.stringify({
  db: { redis: { emulate: true, namespace: 'EG' } },
  crypto: { cipherKey: 'a key of tests', algorithm: 'aes256', saltRounds: 10 },
  session: { secret: 'a secret of sessions', resave: false, saveUninitialized: false },
  accessTokens: { timeToExpiry: LIFE, ...(format === 'jwt' ? jwt : {}) },
  refreshTokens: { timeToExpiry: LIFE },
  authorizationCodes: { timeToExpiry: 300_000 },
}));
writeFileSync(path('gateway.config.yml'), JSON.stringify({
  http: { port: 0, hostname: '127.0.0.1' },
  apiEndpoints: { api: { host: '*', paths: '/api/*' } },
  serviceEndpoints: { backend: { url: `http://127.0.0.1:${backend}` } },
  policies: ['oauth2', 'jwt', 'proxy'],
  pipelines: {
    api: { apiEndpoints: ['api'], policies: [check, { proxy: [{ action: { serviceEndpoint: 'backend' } }] }] },
  },
}));

process.env.EG_CONFIG_DIR = folder;
process.env.EG_DISABLE_CONFIG_WATCH = 'true';
const [{ app }] = await require('express-gateway')().load(folder).run();
const services = require('express-gateway/lib/services');
const user = await services.user.insert({ username: 'john', firstname: 'John', lastname: 'Doe' });
const application = await services.application.insert({ name: 'orders' }, user.id);
await services.credential.insertScopes(['read']);
await services.credential.insertCredential(application.id, 'oauth2', { secret: SECRET, scopes: ['read'] });
print(`${JSON.stringify({ url: `http://127.0.0.1:${app.address().port}`, client: application.id, secret: SECRET })}\n`);
