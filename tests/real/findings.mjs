// Prints what a run found, a line for each difference of a check: the check, the kind and the severity.

import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const found = results.cases.flatMap((item) => item.differences);
for (const d of found) console.log(`${d.check} ${d.kind} ${d.severity}`);
