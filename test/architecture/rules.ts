import { basename, dirname, matchesGlob } from 'node:path/posix'
import { Visitor, parseSync } from 'oxc-parser'
import { pure } from '../pure.ts'
import { circlesIn } from './circles.ts'
import { type Room, domainFolders, inRooms, mayImport, roomOf } from './rooms.ts'
import { type Import, type Source, isTest, lineAt, linesWith } from './sources.ts'

/** The violations in these sources, one line each. */
type Rule = (sources: Source[]) => string[]

/** The imports that a rule refuses, each as `file:line specifier`. */
const refused = (sources: Source[], isWrong: (one: Import, from: Source) => boolean): string[] =>
  sources.flatMap((source) =>
    source.imports.filter((one) => isWrong(one, source)).map(({ line, specifier }) => `${source.path}:${line} ${specifier}`),
  )

const arrows: Rule = (sources) =>
  refused(sources, ({ ours }, { path }) => {
    const room = roomOf(path)
    if (room === 'anything' || ours === undefined) return false
    const allowed: readonly string[] = mayImport[room]
    const target = roomOf(ours)
    return target !== room && !allowed.includes(target)
  })

/** The folder of domain/ that a file is in; '' is the ground. */
const domainFolder = (path: string) => /^domain\/(?:([^/]+)\/)?[^/]+$/.exec(path)?.[1] ?? ''

const withinDomain: Rule = (sources) =>
  refused(inRooms(sources, 'domain'), ({ ours }, { path }) => {
    if (!ours?.startsWith('domain/')) return false
    const [from, to] = [domainFolder(path), domainFolder(ours)]
    return to !== '' && to !== from && !domainFolders[from]?.includes(to)
  })

const foreignPackages: Partial<Record<Room, RegExp>> = {
  contract: /^(?!zod(\/v4\/core)?$)/,
  db: /^(next|react|@tanstack|zod)/,
  domain: /^(next|react|kysely|pg|hono|@hono)/,
  'server/http': /^next(\/|$)/,
  queries: /^(next\/server|kysely|pg|node:)/,
  components: /^(kysely|pg|node:)/,
  'components/ui': /^(kysely|pg|node:|@tanstack\/react-query)/,
}

const packages: Rule = (sources) =>
  refused(
    sources,
    ({ ours, specifier }, { path }) => ours === undefined && foreignPackages[roomOf(path)]?.test(specifier) === true,
  )

const plainHandlers: Rule = (sources) =>
  refused(
    inRooms(sources, 'route').filter(({ path }) => !path.startsWith('app/api/auth/')),
    ({ specifier }) => specifier.startsWith('next'),
  )

/** A screen is everything in the folder of its page, and below it down to the next page. */
const screens: Rule = (sources) => {
  const pages = new Set(sources.filter(({ path }) => basename(path) === 'page.tsx').map(({ path }) => dirname(path)))
  const screenOf = (folder: string): string => (pages.has(folder) || folder === 'app' ? folder : screenOf(dirname(folder)))
  return refused(inRooms(sources, 'app', 'page'), ({ ours }, { path }) => {
    if (!ours?.startsWith('app/')) return false
    // A folder without a URL of its own belongs to its parent's screen.
    const to = dirname(ours).replace(/\/_[^/]+$/, '')
    return !`${dirname(path)}/`.startsWith(`${to}/`) && screenOf(to) !== screenOf(dirname(path))
  })
}

const workshops = /^(e2e|prove|bench)\//

const apart: Rule = (sources) =>
  refused(sources, ({ ours }, { path }) => {
    const to = ours && workshops.exec(ours)?.[1]
    return Boolean(to) && /^(e2e|prove|bench|test)\//.test(path) && !path.startsWith(`${to}/`)
  })

const ships = ({ path }: Source) =>
  !isTest(path) && /^(app|components|config|contract|db|demo|domain|queries|server)\//.test(path)

const shipped: Rule = (sources) => refused(sources.filter(ships), ({ ours }) => /^(test|e2e|prove|bench)\//.test(ours ?? ''))

const circles: Rule = (sources) => circlesIn(sources).map((circle) => circle.join(' '))

const MOST_FILES = 25

const fewFiles: Rule = (sources) => {
  const routes = new Set(
    sources.filter(({ path }) => /\/(page|layout|route(\.next)?)\.tsx?$/.test(path)).map(({ path }) => dirname(path)),
  )
  const counts = new Map<string, number>()
  for (const { path } of sources) if (!isTest(path)) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  return [...counts]
    .filter(([folder, n]) => n > MOST_FILES && folder !== 'components/ui' && folder !== 'db/migrations' && !routes.has(folder))
    .map(([folder, n]) => `${folder} has ${n} files`)
}

const environment: Rule = (sources) =>
  linesWith(
    sources.filter((one) => ships(one) && !one.path.startsWith('config/')),
    /\bprocess\.env\b/,
  )

/** A request has one id, in its answer, in the log and in audit events. */
const requestIds: Rule = (sources) =>
  linesWith(
    sources.filter((one) => ships(one) && one.path !== 'domain/ids.ts'),
    /\b(requestId|x-request-id)\b.*\b(randomUUID|newId|v[47])\(/,
  )

const errorStatuses: Rule = (sources) =>
  linesWith(
    sources.filter((one) => ships(one) && one.path !== 'contract/errors.ts'),
    /\bstatus: [45]\d\d\b|^\s*[a-z]+(_[a-z]+)+: [45]\d\d\b/,
  )

/** The first part of each page's URL in a string; an operation of the API may begin alike. */
const pageUrl = /(?<!\bpath: )(['"`]|\$\{[^}]*\})\/(console|docs|invite|login|reset-password|setup)(?=['"`/?#$])/

const pageUrls: Rule = (sources) =>
  linesWith(
    sources.filter((one) => ships(one) && one.path !== 'contract/paths.ts'),
    pageUrl,
  )

const MOST_PARAMETERS = 5

/** Callers cannot keep more positional parameters apart; an object names them. */
const fewParameters: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const found: string[] = []
    const check = ({ params, start }: { params: unknown[]; start: number }) => {
      if (params.length > MOST_PARAMETERS) found.push(`${path}:${lineAt(text, start)} has ${params.length} parameters`)
    }
    const visitor = new Visitor({ FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check })
    visitor.visit(parseSync(path, text).program)
    return found
  })

const vague = /^(utils?|helpers?|libs?|managers?|commons?|misc|shared)$/

const clearNames: Rule = (sources) =>
  sources
    .map(({ path }) => path)
    .filter((path) => !/^contract\/(v1\/)?common\.ts$/.test(path))
    .filter((path) => path.split('/').some((part) => vague.test(part.replace(/\..*$/, ''))))

const statements: Rule = (sources) =>
  linesWith(
    sources.filter(({ path }) => !['db', 'anything'].includes(roomOf(path))),
    /\bsql(<[^`]*>)?`|\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/,
  )

const roles: Rule = (sources) =>
  linesWith(
    inRooms(sources, 'app', 'page', 'route', 'components', 'components/ui', 'queries', 'server/http'),
    /\brole\s*[!=]={1,2}(?![=\s]*null)|[!=]==?\s*['"](owner|admin|member|viewer)['"]/,
  )

/** Async functions of a project or organization that are not verbs: they run inside one, after its assertion. */
export const insideVerbs: Record<string, string> = {
  environmentToRead: 'resolves the environment of a URL for a verb that has asserted',
  environmentToWrite: 'the same for writing',
}

const verb =
  /^export (?:async function|const) (\w+)(?: = async )?\(\s*(?:\w+|\{[^}]*\}): (?:Project|Org)Context\b[\s\S]*?\n(?=\})/gm

export const verbsIn = (sources: Source[]) =>
  inRooms(sources, 'domain', 'demo/sample')
    .flatMap(({ path, text }) =>
      [...text.matchAll(verb)].map((match) => ({
        name: match[1]!,
        where: `${path}:${lineAt(text, match.index)}`,
        body: match[0],
      })),
    )
    .filter(({ body }) => body.startsWith('export async') || body.includes('= async'))

const assertions: Rule = (sources) =>
  verbsIn(sources)
    .filter(({ name, body }) => {
      const firstStatement = body
        .split(/\{\n|=> \{\n/)
        .slice(1)
        .join('{\n')
        .trimStart()
      return !(name in insideVerbs) && !/^assertCan(InOrganization)?\(/.test(firstStatement)
    })
    .map(({ where, name }) => `${where} ${name}`)

/** Where a database, another process or a thread begins. */
const grounds = /^(test\/support\/database\/|server\/postgres\/cluster\.ts$)|^node:(child_process|worker_threads)$/

/** The grounds that a test imports, itself or through others, types aside. */
function groundsOf(test: Source, byPath: Map<string, Source>): string[] {
  const reached = new Set([test.path])
  for (const path of reached)
    for (const { ours, specifier, ofTypes } of byPath.get(path)?.imports ?? [])
      if (!ofTypes && !grounds.test(path)) reached.add(ours ?? specifier)
  return [...reached].filter((path) => grounds.test(path))
}

const pureTests: Rule = (sources) => {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  return sources
    .filter(({ path }) => /(?<!\.built)\.test\.tsx?$/.test(path) && !path.startsWith('prove/'))
    .flatMap((test) => {
      const [ground] = groundsOf(test, byPath)
      const isPure = pure.some((glob) => matchesGlob(test.path, glob))
      if (isPure && ground) return [`${test.path} imports ${ground}: take it out of test/pure.ts`]
      return isPure || ground ? [] : [`${test.path} needs no database: list it in test/pure.ts`]
    })
}

/** Each rule, with files that break it in one line: `[path, text]`. */
export const rules: Record<string, { check: Rule; broken: [path: string, text: string][] }> = {
  'imports run only along the arrows of the design': {
    check: arrows,
    broken: [['contract/cells.ts', "import { audit } from '#domain/audit/audit'"]],
  },
  'a folder of domain/ imports only those above it': {
    check: withinDomain,
    broken: [['domain/access/scope.ts', "import { listEntities } from '../data/entities.ts'"]],
  },
  'a room keeps away from packages that are not its business': {
    check: packages,
    broken: [['domain/projects/projects.ts', "import { sql } from 'kysely'"]],
  },
  'a route handler is a plain Web handler: only that of next-auth knows Next': {
    check: plainHandlers,
    broken: [['app/(org-api)/me/route.ts', "import { NextResponse } from 'next/server'"]],
  },
  'a screen imports its own parts and what stands above it, never another screen': {
    check: screens,
    broken: [
      ['app/(console)/login/page.tsx', ''],
      ['app/(console)/invite/[token]/page.tsx', "import { SecondStep } from '../../login/second-step.tsx'"],
    ],
  },
  'e2e, prove and bench share only what is in test/': {
    check: apart,
    broken: [['e2e/axe.ts', "import { report } from '../prove/run.ts'"]],
  },
  'a test runs without a database exactly when it imports none': {
    check: pureTests,
    broken: [
      ['contract/cells.test.ts', "import { cells } from '#test/support/world/catalog'"],
      ['test/support/world/catalog.ts', "import { createTestDatabase } from '../database/database.ts'"],
    ],
  },
  'nothing that ships imports what tests': {
    check: shipped,
    broken: [['server/main.ts', "import { openLane } from '#test/support/http/lane'"]],
  },
  'there is no circle of imports, types included': {
    check: circles,
    broken: [
      ['domain/audit/audit.ts', "import { notifyOwners } from '../notices/notices.ts'"],
      ['domain/notices/notices.ts', "import type { AuditAction } from '../audit/audit.ts'"],
    ],
  },
  'a folder has at most 25 files besides tests': {
    check: fewFiles,
    broken: Array.from({ length: 26 }, (_, i) => [`domain/accounts/part-${i}.ts`, '']),
  },
  'settings are read in config/': {
    check: environment,
    broken: [['domain/limits/quotas.ts', "const most = Number(process.env['BULKHEAD_QUOTA_ROWS'])"]],
  },
  'the id of a request is made in one place': {
    check: requestIds,
    broken: [['server/http/resource.ts', "const headers = { 'x-request-id': randomUUID() }"]],
  },
  'the status of an error code is written in contract/errors.ts alone': {
    check: errorStatuses,
    broken: [['server/front/front.ts', "return { status: 414, code: 'url_too_long' }"]],
  },
  'the URLs of pages are written in contract/paths.ts alone': {
    check: pageUrls,
    broken: [['server/jobs/mail/notice.ts', 'const link = `${origin}/console/${slug}`']],
  },
  'a function has at most five positional parameters': {
    check: fewParameters,
    broken: [['domain/apply/entities.ts', 'const write = (trx, at, envId, items, diff, report) => {}']],
  },
  'nothing is named for being left over': { check: clearNames, broken: [['domain/projects/helpers.ts', '']] },
  'SQL is written in db/ alone': {
    check: statements,
    broken: [['domain/projects/projects.ts', "const rows = await db.selectFrom('projects').execute()"]],
  },
  'no page, component or handler compares roles: the API says what the caller may do': {
    check: roles,
    broken: [['components/access/role.tsx', "const mayEdit = role === 'owner'"]],
  },
  'a verb asserts first': {
    check: assertions,
    broken: [['domain/projects/stats.ts', 'export async function getStats(context: ProjectContext) {\n  return {}\n}']],
  },
}
