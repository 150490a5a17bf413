// Prints what the results of a run say, a line for each case and each difference, in the order of the
// suite.

import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const item of results.cases.toSorted((a, b) => a.line - b.line)) {
  console.log(`${item.verdict} ${item.id}`);
  for (const d of item.differences) {
    console.log(`  ${d.severity} ${d.where} ${d.kind} ${d.path} ${d.check ?? ''}`.trimEnd());
  }
}
