// npm run bench against FOLDER: compares this checkout with another one, such as of the previous commit; not part of all. npm run
// bench [nuke] [page] [apply] [scope] [audit] [purge] [wall] [bundle] [grow]: produces the figures of docs/figures.md; all without a name.
import { benchAgainst } from './against.ts'
import { benchApply } from './apply.ts'
import { benchAudit } from './audit.ts'
import { benchBundle } from './bundle.ts'
import { benchGrow } from './grow.ts'
import { benchNuke } from './nuke.ts'
import { benchPage } from './page.ts'
import { say } from '#test/support/measure/report'
import { benchPurge } from './purge.ts'
import { benchScope } from './scope.ts'
import { benchWall } from './wall.ts'

const benches = {
  nuke: benchNuke,
  page: benchPage,
  apply: benchApply,
  scope: benchScope,
  audit: benchAudit,
  purge: benchPurge,
  wall: benchWall,
  bundle: benchBundle,
  grow: benchGrow,
}
const isBench = (name: string): name is keyof typeof benches => name in benches

const [first, folder] = process.argv.slice(2)
if (first === 'against' && folder !== undefined) {
  await benchAgainst(folder)
  process.exit(0)
}
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches)
const unknown = chosen.find((name) => !isBench(name))
if (unknown !== undefined) {
  say(`There is no benchmark ${unknown}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
for (const name of chosen.filter(isBench)) await benches[name]()
process.exit(0)
