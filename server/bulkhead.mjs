#!/usr/bin/env node
// npx bulkhead …: the command line, and the server where everything is built already. Runs on Node 24, whatever Node the machine
// has.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isInstalled } from '../tools/install.mjs'
import { root, runOnNode24, serverEnvironment, serverFlags } from '../tools/node24.mjs'

/** @param {string} sentence */
function refuse(sentence) {
  console.error(sentence)
  process.exit(1)
}

const args = process.argv.slice(2)
const isStart = args.length === 1 && args[0] === 'start'
if (!isInstalled()) refuse('The packages are not installed yet; run npm ci first.')
if (isStart && !existsSync(join(root, '.next', 'BUILD_ID')))
  refuse('The console is not built yet; run npm start, which builds it.')
if (isStart) await runOnNode24('server/main.ts', [], serverEnvironment, serverFlags)
else await runOnNode24('server/cli/cli.ts', args)
