import type { Source } from './sources.ts'

export type Room = keyof typeof mayImport | 'anything'

/** Which rooms each room may import besides itself. Data flows one way; any other import is refused. */
export const mayImport = {
  contract: [],
  config: ['contract'],
  db: ['config'],
  domain: ['db', 'contract', 'config'],
  process: ['config'],
  'page data': ['process', 'queries'],
  'server/http': ['domain', 'contract', 'db', 'config', 'process'],
  'server/jobs': ['domain', 'contract', 'db', 'config', 'process'],
  'demo/sample': ['domain', 'contract', 'db'],
  route: ['server/http', 'domain', 'contract', 'demo/sample'],
  queries: ['contract'],
  'components/ui': [],
  components: ['components/ui', 'contract'],
  page: ['app', 'components', 'components/ui', 'queries', 'contract', 'config', 'page data'],
  app: ['components', 'components/ui', 'queries', 'contract'],
  // A package of its own, which is published without the rest.
  sdk: [],
  command: ['db', 'contract'],
  // They work on a server through its API, and never reach a database.
  'remote commands': ['command', 'sdk', 'contract', 'config'],
} as const satisfies Record<string, readonly string[]>

/** The first match wins. Tests, the process itself and the tools around it may import anything. */
const rooms: [RegExp, Room][] = [
  [/\.test\.tsx?$|^(e2e|bench|prove|test|tools)\/|^[^/]+$/, 'anything'],
  [/^contract\//, 'contract'],
  [/^sdk\//, 'sdk'],
  [/^config\//, 'config'],
  [/^db\//, 'db'],
  [/^domain\//, 'domain'],
  [/^demo\/sample\//, 'demo/sample'],
  [/^demo\//, 'anything'],
  [
    /^server\/(counters|log|log-writer|lifecycle|front\/(address-header|offered-lane)|workers\/(others|claims|messages))\.ts$/,
    'process',
  ],
  // The one way from a page to the server's own lane.
  [/^server\/front\/page-data\.ts$/, 'page data'],
  [/^server\/cli\/remote\//, 'remote commands'],
  [/^server\/cli\/(ask|command|options|usage-error)\.ts$/, 'command'],
  [/^server\/http\//, 'server/http'],
  [/^server\/jobs\//, 'server/jobs'],
  [/^server\//, 'anything'],
  [/^queries\//, 'queries'],
  [/^components\/ui\//, 'components/ui'],
  [/^components\//, 'components'],
  [/^app\/.*\/route(\.next)?\.ts$/, 'route'],
  // Rendered on the server, unlike what is beside it.
  [/^app\/.*\/(page|layout)\.tsx$/, 'page'],
  [/^app\//, 'app'],
]

/** The room of a file. */
export function roomOf(path: string): Room {
  const found = rooms.find(([pattern]) => pattern.test(path))
  if (!found) throw new Error(`${path} belongs to no room of the design`)
  return found[1]
}

export const inRooms = (sources: Source[], ...names: Room[]) => sources.filter(({ path }) => names.includes(roomOf(path)))

/**
 * The folders of domain/, from the ground up, with those that each may import besides itself and the ground, which is the files
 * of domain/ itself. Only folders above a folder may be listed, so there is no cycle.
 */
export const domainFolders: Record<string, readonly string[]> = {
  crypto: [],
  access: [],
  notices: [],
  audit: ['crypto', 'access', 'notices'],
  limits: ['access', 'audit'],
  webhooks: ['crypto', 'access', 'audit'],
  accounts: ['crypto', 'access', 'audit', 'limits', 'webhooks'],
  projects: ['access', 'audit', 'limits'],
  tokens: ['crypto', 'access', 'audit', 'limits', 'accounts', 'projects'],
  members: ['access', 'audit', 'webhooks', 'projects', 'tokens'],
  organizations: ['crypto', 'access', 'audit', 'limits', 'accounts', 'projects', 'members'],
  catalog: ['crypto', 'access', 'audit', 'limits', 'projects'],
  data: ['access', 'audit', 'limits', 'projects', 'catalog'],
  apply: ['access', 'audit', 'limits', 'projects', 'catalog', 'data'],
  nuke: ['access', 'audit', 'projects'],
  transfer: ['access', 'audit', 'limits', 'catalog', 'data', 'apply'],
  review: ['access', 'audit', 'projects', 'data'],
  v1: ['crypto', 'access', 'audit', 'limits', 'accounts', 'projects', 'tokens', 'members', 'organizations'],
  maintenance: ['audit', 'webhooks', 'accounts', 'catalog'],
}
