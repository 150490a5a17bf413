// Opens pages in headless Chromium: no errors, no network, nothing that a server sent acts, filters and
// links work, no violations of accessibility (axe-core), and a hundred thousand cases stay usable.
// Usage: node pages.mjs PATH-OF-CHROMIUM FOLDER

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const [chromium, folder] = process.argv.slice(2);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const VIEWS = [[1280, 900, 'light'], [1280, 900, 'dark'], [400, 800, 'light'], [400, 800, 'dark']];

const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });

/** Opens a page; what goes wrong while it is open is collected. */
async function open(name, hash = '') {
  const page = await browser.newPage();
  const wrong = [];
  page.on('console', (message) => wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!request.url().startsWith(`file://${folder}/`) && request.url() !== 'data:,') wrong.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${join(folder, name)}${hash}`, { waitUntil: 'load' });
  await page.waitForSelector('main[data-ready]');
  return { page, wrong };
}

/** Runs a step on a page and wants that nothing went wrong in it. */
async function check(title, name, step, hash) {
  const { page, wrong } = await open(name, hash);
  const said = await step(page);
  assert.deepEqual(wrong, [], title);
  await page.close();
  console.log(`ok  ${title}${said ? ` (${said})` : ''}`);
}

const visible = (page) => page.$$eval('.case:not([hidden])', (all) => all.length);
const shown = (page) => page.$eval('#shown', (one) => one.textContent);

async function accessible(page) {
  for (const [width, height, scheme] of VIEWS) {
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.reload({ waitUntil: 'load' });
    await page.evaluate(() => {
      document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
      // What is not in sight has no colours yet: all of it is to be painted.
      document.querySelectorAll('.case').forEach((one) => { one.style.contentVisibility = 'visible'; });
    });
    // The policy of the page allows no script: this one comes through the debugger.
    await page.evaluate(AXE);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
    const told = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join(' ')}`);
    assert.deepEqual(told, [], `${width} ${scheme}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} pixels wider than ${width}`);
  }
}

for (const name of ['demo.html', 'hostile.html', 'readiness.html', 'attested.html', 'all.html', 'open.html', 'told.html']) {
  await check(`${name} has no violations, in light and dark, wide and narrow`, name, accessible);
}

await check('filters by verdict, severity, suite and text', 'demo.html', async (page) => {
  // The one that is the same is there for the difference in it that is meant, and not shown at first.
  assert.equal(await shown(page), '11 of 12 shown');
  await page.click('[value=accepted]');
  assert.equal(await visible(page), 1);
  await page.click('[type=reset]');
  await page.waitForFunction(() => document.querySelector('#shown').textContent === '11 of 12 shown');
  await page.select('[name=severity]', 'risky');
  const risky = await visible(page);
  assert.ok(risky > 0 && risky < 11, `${risky}`);
  await page.select('[name=severity]', '');
  const suite = await page.$$eval('[name=suite] option', (all) => all.find((one) => one.textContent === 'Tokens').value);
  await page.select('[name=suite]', suite);
  assert.equal(await visible(page), 2);
  assert.equal(await page.$$eval('.suite:not([hidden])', (all) => all.length), 1);
  await page.select('[name=suite]', '');
  await page.keyboard.press('Tab');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('/');
  await page.keyboard.type('REFRESH grant');
  await page.waitForFunction(() => document.querySelector('#shown').textContent === '1 of 12 shown');
});

await check('the keyboard goes from case to case', 'demo.html', async (page) => {
  const at = () => page.evaluate(() => document.activeElement.closest('.case')?.querySelector('h4 a').textContent);
  await page.keyboard.press('n');
  assert.equal(await at(), 'an order');
  await page.keyboard.press('n');
  assert.equal(await at(), 'an answer to another origin');
  await page.keyboard.press('p');
  assert.equal(await at(), 'an order');
});

await check('what changed is marked, and what was sent is redacted', 'demo.html', async (page) => {
  const marks = await page.$$eval('.case.different .diff:first-of-type mark', (all) => all.map((one) => one.textContent));
  assert.deepEqual(marks, ['6.25', '"6.25"']);
  const curl = await page.$$eval('.case.different .curl', (all) => all.map((one) => one.textContent));
  assert.equal(curl.length, 2);
  for (const line of curl) assert.match(line, /^curl -sS .*Bearer \[secret app\.access_token, \d+ characters\]'$/);
  const headings = await page.$$eval('h2', (all) => all.map((one) => one.textContent));
  assert.deepEqual(headings, ['The pair', 'Rows of the comparison', 'Causes', 'Suites', 'Cases', 'Latency', 'Tokens']);
  assert.match(await page.$eval('#tokens ~ .scroll', (one) => one.textContent), /opaque36.*jwt1459/s);
});

const anchor = await (async () => {
  const { page } = await open('demo.html');
  const id = await page.$eval('.slight .diff', (one) => one.id);
  await page.close();
  return id;
})();
await check('a link leads to its difference, folded or filtered away', 'demo.html', async (page) => {
  const seen = () => page.$eval(`#${anchor}`, (one) => one.checkVisibility() && one.closest('details').open);
  assert.ok(await seen());
  await page.type('[name=text]', 'no such text');
  await page.waitForFunction(() => document.querySelector('#shown').textContent.startsWith('0 of'));
  assert.ok(!await seen());
  await page.evaluate((id) => { location.hash = 'main'; location.hash = id; }, anchor);
  await page.waitForFunction((id) => document.getElementById(id).checkVisibility(), {}, anchor);
}, `#${anchor}`);

await check('hostile texts stay texts', 'hostile.html', async (page) => {
  const state = await page.evaluate(() => ({
    hacked: window.hacked,
    elements: document.querySelectorAll('img, svg:not(.latency), script, iframe, object, [onerror], [onload], [style]').length,
    links: [...document.querySelectorAll('a')].filter((one) => !one.getAttribute('href').startsWith('#')).length,
    text: document.body.textContent,
  }));
  assert.equal(state.hacked, undefined);
  // The page's own script is the only one.
  assert.deepEqual([state.elements, state.links], [1, 0]);
  assert.ok(state.text.includes('<script>window.hacked = 1</script>'));
  assert.ok(state.text.includes('{{ 7 * 7 }}') && state.text.includes('&lt;b&gt;'));
  assert.ok(!/[\u0000\u001b\u202e\u2028]/.test(state.text) && state.text.includes('\\u{1b}'));
  await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; }));
});

{
  const { page } = await open('hostile.html');
  const ran = await page.evaluate(() => {
    const refused = [];
    addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 2';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p><img src="http://127.0.0.1:9/">');
    return new Promise((resolve) => { setTimeout(() => resolve([window.hacked === undefined, [...new Set(refused)].sort()]), 100); });
  });
  assert.deepEqual(ran, [true, ['img-src', 'script-src-elem', 'style-src-attr']]);
  await page.close();
  console.log('ok  the policy lets no script, no style and no request in');
}

await check('on paper the colours are those of paper, and nothing is lost', 'demo.html', async (page) => {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  const text = () => page.evaluate(() => getComputedStyle(document.body).color);
  assert.equal(await text(), 'rgb(231, 233, 235)');
  await page.emulateMediaType('print');
  assert.equal(await text(), 'rgb(0, 0, 0)');
  assert.equal(await page.$eval('#filters', (one) => one.checkVisibility()), false);
  // What is folded away on a screen is there, but for what was sent and received, which the reader unfolds.
  assert.ok(await page.$$eval('.diff', (all) => all.every((one) => one.closest('[hidden]') || one.checkVisibility())));
  assert.ok(!await page.$eval('.evidence', (one) => one.checkVisibility()));
  await page.$eval('.evidence', (one) => { one.open = true; });
  assert.ok(await page.$eval('.evidence .curl', (one) => one.checkVisibility()));
  assert.ok((await page.pdf()).length > 10_000);
});

await check('the page says all without scripts', 'demo.html', async (page) => {
  await page.setJavaScriptEnabled(false);
  await page.reload();
  assert.equal((await page.$$('.case')).length, 12);
});

// The whole pack: every control does on hundreds of cases what its words say.
for (const name of ['all.html', 'swapped.html']) {
  await check(`each verdict, severity and suite can be picked in ${name}`, name, async (page) => {
    const told = await page.evaluate(() => {
      const form = document.getElementById('filters');
      const cases = [...document.querySelectorAll('.case')];
      const seen = () => cases.filter((one) => one.checkVisibility());
      const changed = () => form.dispatchEvent(new Event('change', { bubbles: true }));
      const wrong = [];
      const wants = (what, fits) => {
        changed();
        const expected = cases.filter(fits).length;
        if (seen().length !== expected) wrong.push(`${what}: ${seen().length}, not ${expected}`);
      };
      const boxes = [...form.querySelectorAll('[name=verdict]')];
      const picked = () => boxes.filter((box) => box.checked).map((box) => box.value);
      const isPicked = (one) => picked().includes(one.querySelector('.badge').textContent);
      for (const box of boxes) {
        boxes.forEach((other) => { other.checked = other === box; });
        wants(box.value, isPicked);
      }
      boxes.forEach((box) => { box.checked = true; });
      for (const option of [...form.elements.severity.options].slice(1)) {
        form.elements.severity.value = option.value;
        wants(option.value, (one) => isPicked(one) && [...one.querySelectorAll('.sev')].some((sev) => sev.textContent === option.value));
      }
      form.elements.severity.value = '';
      let listed = 0;
      for (const option of [...form.elements.suite.options].slice(1)) {
        form.elements.suite.value = option.value;
        wants(option.textContent, (one) => isPicked(one) && one.dataset.s === option.value);
        listed += seen().length;
      }
      form.elements.suite.value = '';
      changed();
      return { wrong, listed, all: seen().length, suites: form.elements.suite.options.length - 1 };
    });
    assert.deepEqual(told.wrong, []);
    assert.equal(told.listed, told.all);
    assert.ok(told.suites > 15 && told.all > 100, JSON.stringify(told));
    return `${told.all} cases of ${told.suites} suites`;
  });

  await check(`the link of every case and every difference of ${name} leads to it`, name, async (page) => {
    const told = await page.evaluate(async () => {
      const targets = [...document.querySelectorAll('.case, .diff')];
      const ids = new Set([...document.querySelectorAll('[id]')].map((one) => one.id));
      const wrong = ids.size === document.querySelectorAll('[id]').length ? [] : ['an id stands twice'];
      document.querySelectorAll('details').forEach((fold) => { fold.open = false; });
      for (const target of targets) {
        const link = target.querySelector('h4 a, h5 a');
        const arrived = new Promise((resolve) => { addEventListener('hashchange', resolve, { once: true }); });
        location.hash = new URL(link.href).hash;
        await arrived;
        const at = target.getBoundingClientRect();
        const isSeen = target.checkVisibility() && at.top < innerHeight && at.bottom > 0;
        if (location.hash !== `#${target.id}` || !isSeen) wrong.push(`${link.href} ${at.top}`);
      }
      return { wrong, count: targets.length };
    });
    assert.deepEqual(told.wrong, []);
    assert.ok(told.count > 300, `${told.count}`);
    return `${told.count} links`;
  });
}

await check('the keyboard alone reaches and unfolds everything', 'swapped.html', async (page) => {
  const focused = (read) => page.evaluate(`(${read})(document.activeElement)`);
  await page.keyboard.press('Tab');
  assert.equal(await focused('(one) => one.className'), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await focused('(one) => one.id'), 'main');
  await page.keyboard.press('n');
  // Through the links of its differences to what was sent and received.
  for (let steps = 0; steps < 200 && await focused('(one) => one.closest(".evidence") === null'); steps += 1) {
    assert.notEqual(await focused('(one) => getComputedStyle(one).outlineStyle'), 'none');
    await page.keyboard.press('Tab');
  }
  assert.equal(await focused('(one) => one.tagName'), 'SUMMARY');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.evidence[open] .copy');
  for (let steps = 0; steps < 20 && await focused('(one) => one.className') !== 'copy'; steps += 1) await page.keyboard.press('Tab');
  assert.equal(await focused('(one) => one.getAttribute("aria-label")'), 'Copy the curl command of the old side');
});

await check('latency and tokens of each side are told, and nothing of the picture is cut off', 'all.html', async (page) => {
  const told = await page.evaluate(() => {
    const picture = document.querySelector('svg.latency');
    const { width, height } = picture.viewBox.baseVal;
    const out = [...picture.querySelectorAll('text, path')].filter((one) => {
      const box = one.getBBox();
      return box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
    });
    const rows = [...document.querySelectorAll('section[aria-labelledby=tokens] tbody tr')];
    return {
      out: out.map((one) => one.outerHTML),
      lines: ['.median', '.p95', '.bars.old', '.bars.new'].map((one) => picture.querySelectorAll(one).length),
      table: document.querySelector('section[aria-labelledby=latency] table').innerText,
      tokens: rows.map((row) => row.innerText),
    };
  });
  assert.deepEqual(told.out, []);
  assert.deepEqual(told.lines, [2, 2, 1, 1]);
  assert.match(told.table, /Side\s+Answers\s+Median\s+p95\s+Slowest\s+old\s+\d+\s+\S+ m?s/);
  assert.ok(told.tokens.length > 10);
  for (const row of told.tokens) assert.match(row, /opaque\s+36\s+3600 s\s+jwt\s+1\d\d\d\s+900 s|none/);
});

for (const [name, verdict, counts] of [
  ['open.html', /^not ready: 8 rows not tested$/, ['0', '8', '15', '0', '0']],
  ['told.html', /^ready with accepted changes: \d+ changes that consumers must be told$/, ['0', '0', '15', '7', '1']],
]) {
  await check(`every row has its state in ${name}`, name, async (page) => {
    const told = await page.evaluate(() => ({
      verdict: document.querySelector('h1').textContent,
      tiles: [...document.querySelectorAll('.tile b')].map((one) => one.textContent),
      rows: ['rows', 'more'].map((part) => [...document.querySelectorAll(`section[aria-labelledby=${part}] tbody tr`)].map((row) => row.querySelector('.state').textContent)),
      proofs: [...document.querySelectorAll('.state.proved')].map((one) => one.closest('tr').querySelectorAll('.cases li').length),
      changes: [...document.querySelectorAll('.case h3')].map((one) => one.textContent),
      links: [...document.querySelectorAll('.matrix th a')].every((one) => one.hash === `#${one.closest('tr').id}`),
    }));
    assert.match(told.verdict, verdict);
    assert.deepEqual(told.tiles, counts);
    assert.deepEqual(told.rows.map((part) => part.length), [23, 5]);
    const states = ['differs', 'not tested', 'proved', 'attested', 'not applicable'];
    assert.deepEqual(states.map((state) => `${told.rows[0].filter((one) => one === state).length}`), counts);
    assert.ok(told.links && told.proofs.length === 20 && told.proofs.every((count) => count > 0));
    assert.ok(told.changes.length > 20);
    return `${told.changes.length} changes`;
  });
}

// The bounds that the page is made for: 10 MB, first paint in 2 s, a filter in 300 ms.
await check('a hundred thousand cases stay usable', 'large.html', async (page) => {
  const size = statSync(join(folder, 'large.html')).size;
  assert.ok(size <= 10_000_000, `${size} bytes`);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  assert.ok(paint < 2_000, `first paint after ${paint} ms`);
  const times = await page.evaluate(async () => {
    const form = document.getElementById('filters');
    const times = [];
    const timed = async (change) => {
      const start = performance.now();
      change();
      form.dispatchEvent(new Event('change', { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      times.push(Math.round(performance.now() - start));
    };
    await timed(() => { form.elements.severity.value = 'breaking'; });
    await timed(() => { form.elements.text.value = 'order 1234'; });
    await timed(() => { form.elements.text.value = ''; });
    await timed(() => { form.elements.suite.value = '7'; });
    await timed(() => form.reset());
    return times;
  });
  assert.ok(Math.max(...times) < 300, `filters took ${times} ms`);
  const text = await page.$eval('body', (one) => one.innerText);
  assert.match(text, /no parity: 40000 of 100000 cases different/);
  assert.match(text, /60000\s*same/);
  const listed = (await page.$$('.case')).length;
  const counted = Number(/(\d+) cases more are counted/.exec(text)[1]);
  assert.equal(listed + counted, 40_000);
  return `${(size / 1e6).toFixed(1)} MB, ${listed} cases listed, first paint ${Math.round(paint)} ms, filters ${times} ms`;
});

await browser.close();
