// npm run dev: everything through Next's development server.
import { ensureInstalled } from './install.mjs'
import { runOnNode24 } from './node24.mjs'

await ensureInstalled()
await runOnNode24('server/main.ts', ['--dev', ...process.argv.slice(2)])
