// Writes journals for the tests of the pages: one in which every text is hostile, and a large one.
// Usage: node journals.mjs FOLDER

import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];

const EVIL = [
  '<script>window.hacked = 1</script>',
  '"><img src=x onerror="window.hacked = 1">',
  "'--><svg/onload=window.hacked=1>",
  '</style></textarea></title></pre><script>window.hacked = 1</script>',
  '{{ 7 * 7 }} ${7 * 7} <a href="javascript:window.hacked=1">x</a>',
  '\u001b[2J\u202e\u0000\u2028 https://evil.example.com/ &lt;b&gt; &amp;',
].join(' ');

const run = (planned) => ({
  id: '20261121T221000Z-4f1c', started: '2026-11-21T22:10:00Z', finished: null, complete: false, planned,
  fail_on: 'risky', samples: 1, writes: 'withheld', env: null, exit: null,
});
const pair = (text) => ({
  old: { name: `Old ${text}`, platform: 'generic', url: `https://old.example.com/${text}` },
  new: { name: `New ${text}`, platform: 'generic', url: `https://new.example.com/${text}` },
});
const end = (exit) => ({ end: { finished: '2026-11-21T22:11:00Z', complete: true, exit }, findings: [] });

const message = (text, extra) => ({
  headers: [[`x-${text}`, text], ['content-type', 'text/html']],
  body: `{"text": ${JSON.stringify(text)}, "n": 1.50}`, encoding: 'text', bytes: 100,
  sha256: 'ab'.repeat(32), truncated: false, ...extra,
});
const side = (text, status) => ({
  status, ms: 12.5, bytes: 100, http: '1.1', attempts: 1, reacquired: false, failure: null,
  exchange: {
    request: message(text, { method: 'POST', url: `https://h.example.com/${text}` }),
    response: message(`${text} ${status}`, { status }),
  },
});
const difference = (path, severity, text) => ({
  where: 'body', path, kind: 'value', severity, old: `${text} one`, new: `${text} two`, known: null,
  accepted_by: null, check: null, ref: text, explain: text, advice: text, detail: {},
});

function hostile() {
  const suite = { file: `suites/${EVIL}.yaml`, name: EVIL, feature: 'rest-apis', sha256: 'ab'.repeat(32) };
  const one = (name, line, verdict, more) => ({
    id: `${suite.file}::${name}`, type: 'request', line, suite: EVIL, case: name, feature: 'rest-apis', verdict,
    reason: null, note: EVIL, differences: [], old: side(EVIL, 200), new: side(EVIL, 404), ...more,
  });
  const rule = { rule: EVIL, because: `${EVIL} because`, until: EVIL, at: EVIL };
  const cases = [
    one(`different ${EVIL}`, 3, 'different', {
      differences: [difference(`$.${EVIL}`, 'breaking', EVIL), { ...difference('$.b', 'risky', EVIL), known: EVIL }],
    }),
    one(`accepted ${EVIL}`, 4, 'accepted', { differences: [{ ...difference('$.c', 'breaking', EVIL), accepted_by: rule }] }),
    one(`inconclusive ${EVIL}`, 5, 'inconclusive', {
      reason: 'connect', old: { ...side(EVIL, null), failure: { phase: 'connect', message: EVIL } }, new: null,
    }),
    one(`skipped ${EVIL}`, 6, 'skipped', { reason: 'skip', old: null, new: null }),
    one(`token ${EVIL}`, 7, 'same', {
      type: 'token',
      old: { ...side(EVIL, 200), token: { shape: 'opaque', length: 36, expires_in: 3600 } },
      new: { ...side(EVIL, 200), token: { shape: 'jwt', length: 1459, expires_in: 900 } },
    }),
  ];
  const header = {
    schema: 'cutover.journal/1', run: run(cases.length), pair: pair(EVIL), suites: [suite], planned: cases.length,
    warnings: [{ code: EVIL, side: 'new', message: EVIL }],
  };
  const last = { ...end(1), findings: [{ kind: EVIL, message: EVIL, cases: [EVIL] }] };
  return [header, ...cases, last];
}

// A hundred thousand cases, four in ten of them different, in 200 suites.
function* large(count = 100_000) {
  const suites = Array.from({ length: 200 }, (_, number) => ({
    file: `suites/s${number}.yaml`, name: `Suite ${number}`, feature: 'rest-apis', sha256: 'ab'.repeat(32),
  }));
  yield { schema: 'cutover.journal/1', run: run(count), pair: pair(''), suites, planned: count };
  for (let number = 0; number < count; number += 1) {
    const suite = suites[number % suites.length];
    const name = `order ${number}`;
    const differs = number % 5 < 2;
    const slight = difference('$.total', 'cosmetic', 'trailing zeros');
    const old = { ...side('value', 200), ms: 5 + (number % 97) };
    const later = { ...side('value', 200), ms: 4 + (number % 211) };
    if (!differs) {
      delete old.exchange;
      delete later.exchange;
    }
    yield {
      id: `${suite.file}::${name}`, type: 'request', line: 3 + number, suite: suite.name, case: name,
      feature: 'rest-apis', verdict: differs ? 'different' : 'same', reason: null,
      differences: differs
        ? [difference(`$.items[${number % 9}].price`, number % 2 ? 'breaking' : 'risky', 'another value'), slight]
        : [],
      old, new: later,
    };
  }
  yield end(1);
}

const lines = (all) => `${all.map((one) => JSON.stringify(one)).join('\n')}\n`;
writeFileSync(join(folder, 'hostile.jsonl'), lines(hostile()));

const out = createWriteStream(join(folder, 'large.jsonl'));
for (const one of large()) {
  if (!out.write(`${JSON.stringify(one)}\n`)) await new Promise((resolve) => out.once('drain', resolve));
}
out.end();
await new Promise((resolve) => out.once('close', resolve));
