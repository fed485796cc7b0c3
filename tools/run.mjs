// node tools/run.mjs <script> [arguments]: runs one of the project's scripts on Node 24.
import { ensureInstalled } from './install.mjs'
import { runOnNode24 } from './node24.mjs'

const [script = '', ...args] = process.argv.slice(2)
await ensureInstalled()
await runOnNode24(script, args)
