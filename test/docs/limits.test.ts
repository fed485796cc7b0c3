import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { Apply, applyOperations } from '#contract/apply/apply'
import { COUNTED_OF_A_DAY } from '#contract/audit/events'
import { CellScopes, Metadata, PageQuery, Password, Reason } from '#contract/common'
import { PAGE_BYTES, byteLimits, dataLimits } from '#contract/limits/limits'
import { fileLimits } from '#contract/organizations/file'
import { memberOperations } from '#contract/members/members'
import { sessionOperations } from '#contract/accounts/sessions'
import { MOST_FAVORITES } from '#contract/projects/summaries'
import { AllowedAddresses } from '#contract/tokens/tokens'
import { transferOperations } from '#contract/transfer/transfer'
import { V1CreateAgentError, v1AgentOperations } from '#contract/v1/agents'
import { Metadata as RegisteredMetadata, Tags } from '#contract/v1/registered'
import { sizesOf } from '#db/shares'
import { INVITATION_DAYS } from '#domain/organizations/invitations'
import { DEFAULT_POOL, defaultRateLimit } from '#config/defaults'
import { sessionSettings } from '#db/session-settings'
import { SESSION_HOURS } from '#domain/accounts/sign-in'
import { pauseAfter } from '#domain/limits/throttle'
import { bodyLimits } from '#server/http/body-limits'
import { LEAST } from '#server/http/compression/compressed'
import { statusOf } from '#contract/errors'
import { MAX_DEPTH, MAX_KEYS, MAX_VALUES } from '#server/http/parsing/limits'
import { limits } from '#server/front/limits'
import { section, tablesIn, textOf } from './markdown.ts'
import { constant, written } from './source.ts'

const page = textOf('docs/limits.md')
const tables = tablesIn(page).filter(({ header }) => header[0] === 'what')
const rows = tables.flatMap((table) => table.rows)

const units = {
  '': '',
  bytes: ' bytes',
  s: ' ms',
  min: ' ms',
  h: ' ms',
  days: ' ms',
  KiB: ' bytes',
  MiB: ' bytes',
  GiB: ' bytes',
}
const sizes = { '': 1, bytes: 1, s: 1000, min: 60_000, h: 3_600_000, days: 86_400_000, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }

/** Every quantity in a cell: `64 KiB` and `65,536 bytes` are equal. Digits in names such as IPv6 and /64 do not count. */
const quantitiesIn = (cell: string): string[] =>
  [...cell.matchAll(/(?<![\w/])(\d[\d,]*)(?: (KiB|MiB|GiB|bytes|s|min|h|days)\b)?/g)].map(([, digits, unit]) => {
    const named = (unit ?? '') as keyof typeof sizes
    return `${Number(digits!.replaceAll(',', '')) * sizes[named]}${units[named]}`
  })

const bytes = (n: number) => `${n} bytes`
const ms = (n: number) => `${n} ms`
const seconds = (n: number) => ms(n * 1000)
const count = (n: number) => String(n)

/** The maximum length or value that a schema checks, and the minimum. */
const checksOf = (shape: z.ZodType) =>
  (shape.def.checks ?? []).map(({ _zod }) => _zod.def as { check: string; maximum?: number; minimum?: number; value?: number })
const mostOf = (shape: z.ZodType): number => {
  const found = checksOf(shape).find(({ check }) => ['max_length', 'less_than'].includes(check))
  return (found?.maximum ?? found?.value)!
}
const leastOf = (shape: z.ZodType): number => checksOf(shape).find(({ check }) => check === 'min_length')!.minimum!
const bytesOfShape = (shape: z.ZodType): number => byteLimits.get(shape)!.bytes

/** The free wrong tries, then the first and the longest throttle in seconds. */
function pauses(...[counter, guessed]: [Parameters<typeof pauseAfter>[0], Parameters<typeof pauseAfter>[2]?]) {
  let free = 0
  while (pauseAfter(counter, free, guessed) === 0) free++
  return [count(free), seconds(pauseAfter(counter, free, guessed)), seconds(pauseAfter(counter, free + 1000, guessed))]
}

const ledger = (name: string) =>
  written(
    'server/http/body-store.ts',
    new RegExp(`${name}(?: =|:) createLedger\\(\\{ own: ([^,]+), all: ([^},]+?)(?:,| \\})`),
  ).map(bytes)
const answers = written('server/http/answers.ts', /budget = \{ own: ([^,]+), all: ([^}]+?) \}/).map(bytes)
const statement = (setting: 'statement_timeout' | 'lock_timeout') => quantitiesIn(sessionSettings[setting].replace('s', ' s'))[0]!
const patienceOf = (kind: string) => ms(written('db/shares.ts', new RegExp(`PATIENCE.*[{ ]${kind}: ([\\d_]+)`))[0]!)
/** The limits of a `createTurns`: places, per share, waiting, per share, patience, heavy places, per share. */
const turns = (path: string) =>
  ['places', 'placesOfShare', 'waiting', 'waitingOfShare', 'patience', 'heavyPlaces', 'heavyPlacesOfShare'].map(
    (name) => written(path, new RegExp(`\\b${name}: ([\\d_]+)`))[0]!,
  )
const fromSpooled = (name: string) => constant('server/http/spooled.ts', name)
const fromStream = (name: string) => constant('server/http/stream.ts', name)

/** The code's values for each row of the tables, in the row's order. */
const inCode: Record<string, string[]> = {
  'calls of one token, or of one person’s browsers': [seconds(constant('server/http/rate-limit.ts', 'WINDOW'))],
  'calls without a valid credential from one address (IPv6: its /64)': [],
  'wrong passwords for one account, from unknown devices': pauses('account'),
  'wrong passwords on a device that has signed in before': pauses('device').slice(0, 1),
  'wrong passwords from one address, on any account': pauses('address').slice(0, 1),
  'wrong codes of an authenticator app': pauses('account', 'code'),
  'password reset links asked for, for one address': pauses('account'),
  'invitations mailed or sent again in an hour': [],
  'length of a password': [count(leastOf(Password)), count(mostOf(Password))],
  'passkeys of a person': [count(constant('domain/accounts/passkeys.ts', 'MOST'))],
  'how long a session lasts': [seconds(SESSION_HOURS * 3600)],
  'how long an invitation can be accepted': [seconds(INVITATION_DAYS * 86_400)],
  'how long a password reset link works': [seconds(constant('domain/accounts/password-resets.ts', 'RESET_MINUTES') * 60)],
  'how old a sign-in can be for what asks again': [ms(constant('domain/access/fresh-sign-in.ts', 'FRESH'))],

  'projects, people, tokens and rows of an organization': [],
  'favorite projects of a person in an organization': [count(MOST_FAVORITES)],
  'webhooks of an organization': [count(constant('domain/webhooks/webhooks.ts', 'MOST'))],
  'cells that a membership or token is limited to': [count(mostOf(CellScopes.unwrap()))],
  'addresses and networks that a token may be used from': [count(mostOf(AllowedAddresses))],
  'people, projects, and members of a project in an organization’s file': [
    count(fileLimits.people),
    count(fileLimits.projects),
    count(fileLimits.members),
  ],
  'environments of a project in an organization’s file': [count(fileLimits.environments)],
  'changes that an organization’s file makes at once': [count(fileLimits.changes)],

  'body of a call that needs no credential': [bytes(sessionOperations.signIn.maxBody)],
  'body of a call': [bytes(memberOperations.add.maxBody)],
  'body of an apply': [bytes(applyOperations.apply.maxBody)],
  'metrics that an agent of the v1 API sends': [bytes(v1AgentOperations.addMetrics.maxBody)],
  'body of an import': [
    bytes(transferOperations.import.maxBody),
    bytes(fromStream('MAX_LINE')),
    count(fromStream('MAX_LINE_VALUES')),
  ],
  'body that arrives slowly': [ms(bodyLimits.grace), seconds(1), bytes(bodyLimits.slowest), ms(bodyLimits.silence)],
  'body in small pieces': [count(bodyLimits.freePieces), bytes(bodyLimits.pieceBytes)],
  'compressed body': [],
  'bodies in progress without a credential': ledger('uncredited'),
  'bodies in progress in memory': [...ledger('const credited'), bytes(bodyLimits.memory)],
  'imports in progress on disk': ledger('imports'),
  'other bodies in progress on disk': ledger('others'),
  'large bodies being parsed': [
    count(1),
    count(written('server/http/parsing/pool.ts', /places: (\d+)/)[0]!),
    ms(written('server/http/parsing/pool.ts', /work: ([\d_]+)/)[0]!),
  ],
  'large bodies being worked on': (() => {
    const path = 'server/http/parsing/parse-large.ts'
    const [places, own, , , patience, heavy, ownHeavy] = turns(path)
    const thresholds = written(path, /HEAVY = \{ json: ([^,]+), yaml: ([^}]+?) \}/).map(bytes)
    return [
      count(own!),
      count(places!),
      bytes(constant(path, 'LIGHT')),
      count(ownHeavy!),
      count(heavy!),
      ...thresholds,
      ms(patience!),
    ]
  })(),
  'JSON and YAML': [MAX_DEPTH, MAX_KEYS, MAX_VALUES].map(count),
  'items of an apply': [count(mostOf(Apply.shape.items))],
  'answers kept for an `Idempotency-Key`': [
    bytes(constant('server/http/idempotency.ts', 'MOST_ANSWER')),
    count(written('server/http/idempotency.ts', /keys: ([\d_]+)/)[0]!),
    bytes(written('server/http/idempotency.ts', /bytes: ([\d_ *]+) \}/)[0]!),
    seconds(written('db/queries/idempotency-keys.ts', /interval '(\d+) hours'/)[0]! * 3600),
  ],

  '`details` of an error': [count(constant('domain/errors.ts', 'MOST_DETAILS'))],
  'page of a list': [count(mostOf(PageQuery.shape.limit.def.out.unwrap())), bytes(PAGE_BYTES)],
  'changes of a day that an activity counts': [count(COUNTED_OF_A_DAY)],
  'answers that a caller has not read': answers,
  'an answer that its client does not read': [bytes(limits.readBytes), ms(limits.readTime)],
  'exports and imports': [count(1)],
  'an export': [bytes(fromSpooled('MOST_BYTES')), ms(fromSpooled('MOST_TIME'))],
  'exports and long lists that nobody has read': written('server/http/spooled.ts', /own: ([^,]+), all: ([^,]+), part/).map(
    (value) => bytes(value),
  ),
  'lists of the v1 API above 512 KiB or 1,000 rows': [
    count(constant('server/http/v1/listing.ts', 'LONG_LISTS')),
    bytes(fromSpooled('MOST_BYTES')),
    ms(fromSpooled('MOST_TIME')),
  ],
  'errors of an agent': [count(constant('domain/v1/agent-errors.ts', 'MOST')), count(mostOf(V1CreateAgentError.shape.error))],
  'core instances waiting for their key': [count(constant('domain/v1/rsa-keys.ts', 'MOST_WAITING'))],
  'answers being compressed': (() => {
    const [places, own, waiting, ofShare, patience] = turns('server/http/compression/compressed.ts')
    return [count(own!), count(places!), count(waiting!), count(ofShare!), ms(patience!)]
  })(),
  'exports and long lists being compressed': [count(constant('server/http/spooled.ts', 'MOST_ENCODERS'))],
  'an answer too short to be compressed': [bytes(LEAST)],
  'data that a page of the console brings along': [
    bytes(constant('server/front/page-data.ts', 'MOST')),
    count(constant('server/front/page-data.ts', 'PATIENCE')),
  ],
  'pages being rendered': (() => {
    const [places, own, waiting, ofShare, patience] = turns('server/front/page-turns.ts')
    return [count(places!), count(own!), count(waiting!), count(ofShare!), ms(patience!)]
  })(),

  'connections of clients': [count(limits.connections)],
  'requests sent ahead on one connection': [count(limits.pipelined)],
  URL: [bytes(limits.urlBytes)],
  headers: [bytes(limits.headerBytes), count(limits.headers)],
  'URL of a page, of its files, or of next-auth': [bytes(limits.pageUrlBytes), count(limits.pageParameters)],
  'cookies of such a request': [count(limits.pageCookies)],
  'each `Next-` header of such a request': [bytes(limits.nextHeaderBytes)],
  'time for the headers to arrive': [ms(limits.headersTime)],
  'time for a whole request': [ms(limits.requestTime)],
  'a connection that waits for its next request': [ms(limits.idleTime)],
  'a statement in the database': [statement('statement_timeout')],
  'waiting for a lock that another change holds': [statement('lock_timeout')],
  'waiting for a connection to the database': [
    patienceOf('read'),
    patienceOf('write'),
    count(written('db/shares.ts', /WAITING = \{ owner: (\d+)/)[0]!),
  ],

  'value of a property': [bytes(dataLimits.propertyValueBytes)],
  'properties of an entity or relationship': [bytes(dataLimits.propertiesBytes)],
  'labels of an entity or relationship': [bytes(dataLimits.labelsBytes)],
  'entity type, relationship type or cell': [bytes(dataLimits.documentBytes)],
  'reason of a nuke, undo, deletion or restore': [count(mostOf(Reason))],
  '`metadata` of a project': [bytes(bytesOfShape(Metadata.unwrap()))],
  '`metadata` of an agent or core instance': [bytes(bytesOfShape(RegisteredMetadata))],
  '`rawConfig` of an agent': [bytes(written('contract/v1/agents.ts', /RawConfig = upTo\(([^,]+),/)[0]!)],
  '`flags` of an agent': [bytes(written('contract/v1/agents.ts', /Flags = upTo\(([^,]+),/)[0]!)],
  '`tags` of an agent or core instance': [bytes(bytesOfShape(Tags))],
  'metrics of an entity type, and of one push': [count(dataLimits.metrics)],
  'levels of a cell hierarchy': [count(dataLimits.cellDepth)],
  'cells that an entity is in, their parents included': [count(dataLimits.cellsOfEntity)],
}

/** The rendered text: without the URL of a link. */
const plain = (cell: string) => cell.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll("'", '’')

describe('docs/limits.md', () => {
  test('has a row for each limit that is compared here, and no other', () => {
    expect(rows.map(([what]) => plain(what!)).toSorted()).toEqual(Object.keys(inCode).toSorted())
  })

  test.for(rows)('states the value of the code for %s', ([what, limit]) => {
    expect(quantitiesIn(plain(limit!))).toEqual(inCode[plain(what!)])
  })

  test('would notice a wrong number and a wrong unit', () => {
    expect(quantitiesIn('64 KiB, 1,000 pieces and 10 s of IPv6 (its /64)')).toEqual(['65536 bytes', '1000', '10000 ms'])
    expect(quantitiesIn('64 MiB')).not.toEqual(quantitiesIn('64 KiB'))
    expect(quantitiesIn('5 min')).not.toEqual(quantitiesIn('5 s'))
  })

  test('gives each refusal code its status', () => {
    const named = rows.flatMap(([, , answer]) => {
      let status = 0
      return [...answer!.matchAll(/\b(\d{3})\b|`(\w+)`/g)].flatMap(([, number, code]) => {
        if (number) status = Number(number)
        return code && code in statusOf ? [{ code, status }] : []
      })
    })
    expect(named.length).toBeGreaterThan(30)
    expect(named).toEqual(named.map(({ code }) => ({ code, status: statusOf[code as keyof typeof statusOf] })))
  })

  test('divides the connections of a process as the code does', () => {
    const shares = tablesIn(section(page, 'How database connections are shared'))[0]!
    const documented = shares.rows.map(([kind, connections, , waits]) => [kind, [connections, ...quantitiesIn(waits!)]])
    const divided = Object.entries(sizesOf(DEFAULT_POOL)).map(([kind, n]) => [kind, [count(n), patienceOf(kind)]])
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(divided))
    expect(page).toContain(`With the default of ${DEFAULT_POOL}:`)
  })

  test('shows the headers of the default rate limit', () => {
    expect(page).toContain(`q=${defaultRateLimit};w=${constant('server/http/rate-limit.ts', 'WINDOW')}`)
  })
})
