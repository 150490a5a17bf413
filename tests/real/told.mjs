// Prints what the results of a run say, a line for each case and each difference, in the order of the
// suite; with `--notes` also what probes saw, on each side.

import { readFileSync } from 'node:fs';

const notes = process.argv.includes('--notes');
const results = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const item of results.cases.toSorted((a, b) => a.line - b.line)) {
  console.log(`${item.verdict} ${item.id}`);
  for (const d of item.differences) {
    console.log(`  ${d.severity} ${d.where} ${d.kind} ${d.path} ${d.check ?? ''}`.trimEnd());
    if (notes && item.type === 'probe') console.log(`    old: ${d.old ?? '-'}; new: ${d.new ?? '-'}`);
  }
  if (notes && item.note) console.log(`  note: ${item.note}`);
}
