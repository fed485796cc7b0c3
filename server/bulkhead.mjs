#!/usr/bin/env node
// npx bulkhead …: the command line. Runs on Node 24, whatever Node the machine has.
import { isInstalled } from '../tools/install.mjs'
import { runOnNode24 } from '../tools/node24.mjs'

if (!isInstalled()) {
  console.error('The packages are not installed yet; run npm ci first.')
  process.exit(1)
}
await runOnNode24('server/cli/cli.ts', process.argv.slice(2))
