// Prints what `cutover token both --json` says that is the same in every run.

import { readFileSync } from 'node:fs';

for (const token of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  console.log(`${token.side} ${token.shape}, ${token.expires_in} s, asked ${token.scope_asked}, granted ${token.scope_granted}`);
  console.log(`  signature: ${token.signature ?? '-'}`);
  console.log(`  introspection: ${token.introspection}`);
  for (const check of token.checks) console.log(`  check ${check.id}: ${check.found}`);
  for (const warning of token.warnings) console.log(`  warning: ${warning}`);
}
