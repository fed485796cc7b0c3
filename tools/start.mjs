// npm start: installs and builds what is missing, then runs the server.
import { build, isBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runOnNode24, serverEnvironment } from './node24.mjs'
import { setUp } from './step.mjs'

await ensureInstalled()
if (!isBuilt()) await setUp('Building the console (next build)', build)
await runOnNode24('server/main.ts', process.argv.slice(2), serverEnvironment)
