import { createHmac, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { createTestDatabase } from '#test/support/database/database'
import { setUpToken } from '#domain/organizations/set-up'
import { paths } from '#contract/paths'
import { freePort } from '#server/postgres/reach'
import { startReceiver } from '#test/support/servers/receiver'
import { type Server, startServer } from '#test/support/servers/server'
import { isBuilt } from '../../tools/build.mjs'
import { type Cast, createCast, ownersPassword } from '#test/support/world/cast'
import { type Answer, type Client, type Who, clientOf } from '#test/support/http/client'
import { type Example, examplesOf, nameOf, requestOf, sentBy } from '#test/support/http/examples'
import { startInbox } from '#test/support/servers/inbox'
import { oidcBrowser } from '#test/support/servers/oidc-browser'
import { client as oidcClient, startOidcProvider } from '#test/support/servers/oidc-provider'
import { browser } from '#test/support/http/session'
import { v1ExamplesOf } from '#test/support/v1/examples'
import { type Canary, type Place, newSecret, searchFor, secretsIn } from './canary.ts'
import { databaseTexts } from './database-text.ts'
import { progress, report, scaleOf } from '#test/support/outcome'

/** The number of projects in which everything is done. */
const ROUNDS = scaleOf('canaries', 1)

/** Where a secret may appear besides the answer that issued it, and why. */
const allowed: { canary: RegExp; place: RegExp; why: string }[] = [
  {
    canary: /^link of /,
    place: /^(answer to (GET|POST) \/orgs\/\{orgId\}\/invitations|mail$)/,
    why: 'shown to whoever can resend it, and mailed to the invitee',
  },
  { canary: /^link of GET \/orgs/, place: /^answer to POST/, why: 'the same link, first seen in the list' },
  { canary: /^reset link$/, place: /^mail$/, why: 'mailed to its recipient only' },
  {
    canary: /^the set-up link$/,
    place: /^log$/,
    why: 'printed at the first start; works only while there is no user',
  },
  {
    canary: /^password of the owner$/,
    place: /^answer to page \/docs$/,
    why: 'the documentation uses the same words in its example',
  },
  { canary: /^token sent to POST \/v1\/join_project$/, place: /^mail$/, why: 'the same of an invitation to a project' },
  {
    canary: /^token of \w+ \/v1\//,
    place: /^answer to \w+ \/v1\//,
    why: 'the v1 API shows its own tokens on every read, as its published documents say',
  },
]

const mayStand = ({ name, home }: Canary, place: string) =>
  place === `answer to ${home}` || allowed.some((one) => one.canary.test(name) && one.place.test(place))

const all = [...operations, ...v1Operations].toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)

/** The name of the operation that a request calls. */
function operationOf(request: string): string {
  const [method, path = ''] = request.split('?')[0]!.split(' ')
  const found = all.find((one) => one.method === method && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
  return found ? nameOf(found) : request
}

describe.skipIf(!isBuilt())('secrets', () => {
  const canaries: Canary[] = []
  const places: Place[] = []
  const plant = (name: string, text: string, home?: string) => {
    if (!canaries.some((one) => one.text === text)) canaries.push({ name, text, home })
    return text
  }
  const role = `canary_${randomBytes(4).toString('hex')}`
  const smtpPassword = randomBytes(18).toString('hex')
  const databasePassword = randomBytes(18).toString('hex')

  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let inbox: Awaited<ReturnType<typeof startInbox>>
  let provider: Awaited<ReturnType<typeof startOidcProvider>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  let server: Server
  let cast: Cast
  let plain: Client

  beforeAll(async () => {
    database = await createTestDatabase()
    ;[inbox, provider, receiver] = [await startInbox(), await startOidcProvider(), await startReceiver()]
    await sql`create role ${sql.id(role)} superuser login password ${sql.lit(databasePassword)}`.execute(database.db)
    const url = new URL(database.url)
    ;[url.username, url.password] = [role, databasePassword]
    const secret = randomBytes(24).toString('hex')
    const port = await freePort()
    const nextAuth = createHmac('sha256', secret).update('next-auth').digest('hex')
    Object.assign(process.env, { BULKHEAD_SECRET: secret, NEXTAUTH_SECRET: nextAuth })
    Object.assign(process.env, { BULKHEAD_URL: `http://127.0.0.1:${port}`, NEXTAUTH_URL: `http://127.0.0.1:${port}` })
    const smtp = new URL(inbox.url)
    ;[smtp.username, smtp.password] = ['bulkhead', smtpPassword]
    server = await startServer({
      PORT: String(port),
      DATABASE_URL: url.href,
      BULKHEAD_SECRET: secret,
      BULKHEAD_LOG_LEVEL: 'trace',
      BULKHEAD_SMTP_URL: smtp.href,
      BULKHEAD_WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      ...provider.settings,
    })
    provider.allow(server.url)
    plain = clientOf(server.url)
    cast = await createCast(database.db)
    plant('BULKHEAD_SECRET', secret)
    plant('the key of the session cookies', nextAuth)
    plant('the password of the database', databasePassword)
    plant('the password of the mail server', smtpPassword)
    plant('the secret of the sign-in provider', oidcClient.secret)
    plant('the set-up link', setUpToken())
    plant('password of the owner', ownersPassword)
    for (const [name, { token }] of Object.entries(cast.people)) plant(`personal token of ${name}`, token)
  })
  afterAll(async () => {
    await server.stop()
    await Promise.all([inbox.stop(), provider.stop(), receiver.close()])
    await sql`drop role ${sql.id(role)}`.execute(database.db)
    await database.drop()
  })

  /** Sends a call, and records the answer and every secret sent or received. */
  async function call(name: string, who: Who, request: string, sent: Parameters<Client>[2] = {}): Promise<Answer> {
    for (const [key, text] of secretsIn(sent.json)) plant(`${key} sent to ${name}`, text)
    const answer = await plain(who, request, sent)
    keep(name, answer)
    return answer
  }

  function keep(name: string, { status, headers, body, text }: Answer<unknown>) {
    places.push({ name: `answer to ${name}`, text: `${status} ${JSON.stringify([...headers])} ${text}` })
    if (status >= 400) return
    for (const [key, secret] of secretsIn(body))
      plant(`${key} of ${name}`, key === 'link' ? secret.split('/').at(-1)! : secret, name)
    for (const cookie of headers.getSetCookie()) {
      const [, value = ''] = /^[^=]+=([^;]+)/.exec(cookie) ?? []
      if (value.length > 20) plant(`cookie of ${name}`, value, name)
    }
  }

  const isDestructive = (name: string) => name.startsWith('DELETE') || name.includes('/session') || name.includes('/nuke')
  const inOrder = (names: string[]) =>
    names.toSorted(
      (a, b) => Number(isDestructive(a)) - Number(isDestructive(b)) || Number(b.startsWith('GET')) - Number(a.startsWith('GET')),
    )

  /** Unique passwords and values in place of those that the examples share. */
  const own = (body: Record<string, unknown> | undefined) =>
    body &&
    Object.fromEntries(
      Object.entries(body).map(([key, text]) => [
        key,
        key === 'newPassword' || key === 'value' || (key === 'password' && text !== ownersPassword)
          ? newSecret(`password ${key}`)
          : text,
      ]),
    )

  /** Sends a valid call of everything, once more under its key, and several invalid ones. */
  async function doEverything(examples: Record<string, Example & { after?: string }>, round: string): Promise<number> {
    let done = 0
    for (const name of inOrder(Object.keys(examples))) {
      const example = { ...examples[name]!, ...(examples[name]!.body && { body: own(examples[name]!.body)! }) }
      const request = requestOf(name, example.params) + (example.after ?? '')
      const sent = sentBy(example)
      const isOpen = example.as === null
      const hostile = Object.fromEntries(
        ['password', 'token', 'secret', 'value', 'code', 'name'].map((key) => [key, newSecret('wrong')]),
      )
      if (example.body) {
        await call(name, example.as, request, { json: { ...example.body, surprise: hostile, ...hostile } })
        await call(name, example.as, request, { json: hostile })
      }
      // One of them in a short run, all of them in a long one.
      const wrong: Who[] = [
        plant('wrong bearer', `bhu_${randomBytes(21).toString('hex')}`),
        { 'x-project-token': plant('wrong project token', randomBytes(30).toString('hex')) },
        cast.stranger.token,
      ]
      for (const who of isOpen ? [] : wrong.slice(0, ROUNDS)) await call(name, who, request, sent)
      const key = { 'idempotency-key': `${round} ${name}`.replaceAll(/[^\w]/g, '-') }
      const headers = { ...('headers' in sent ? sent.headers : {}), ...(name.startsWith('POST') && key) }
      const answer = await call(name, example.as, request, { ...sent, headers })
      if (answer.status < 400) done++
      if (name.startsWith('POST')) await call(name, example.as, request, { ...sent, headers })
      if (name.includes('/export')) await call(name, example.as, `${request}?format=csv`)
    }
    return done
  }

  /** The same while the database refuses every new row, and while it is down. */
  async function failEverything(examples: Record<string, Example>) {
    const names = Object.keys(examples).filter((name) => /^(POST|PUT|PATCH)/.test(name))
    const statuses = new Set<number>()
    const tryAll = async () => {
      for (const name of names) {
        const example = examples[name]!
        const sent = example.body ? { json: own(example.body) } : sentBy(example)
        statuses.add((await call(name, example.as, requestOf(name, example.params), sent)).status)
      }
    }
    const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(
      database.db,
    )
    const full = rows.filter(({ name }) => name !== 'sign_in_throttles')
    for (const { name } of full)
      await sql`alter table ${sql.table(name)} add constraint full_up check (false) not valid`.execute(database.db)
    await tryAll()
    for (const { name } of full) await sql`alter table ${sql.table(name)} drop constraint full_up`.execute(database.db)
    await sql`alter role ${sql.id(role)} nologin`.execute(database.db)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`.execute(database.db)
    await tryAll()
    await sql`alter role ${sql.id(role)} login`.execute(database.db)
    await vi.waitUntil(async () => (await plain(null, 'GET /readyz')).status === 200, { timeout: 20_000 })
    return statuses
  }

  async function resetPassword() {
    const person = await cast.world.person()
    await call('POST /password-resets', null, 'POST /password-resets', { json: { email: person.email } })
    const mail = await vi.waitUntil(
      () => inbox.mails.find(({ to, text }) => to.includes(person.email) && text.includes('/reset-password/')),
      {
        timeout: 15_000,
      },
    )
    const token = plant('reset link', /\/reset-password\/(\S+)/.exec(mail.text)![1]!)
    const json = { password: newSecret('password after a reset') }
    for (const [path, sent] of [
      [token, { json: { password: 'short' } }],
      [token, { json }],
      [token, { json }],
      [`${token}x`, { json }],
    ] as const)
      await call('POST /password-resets/{token}', null, `POST /password-resets/${path}`, sent)
    await call('GET /password-resets/{token}', null, `GET /password-resets/${token}`)
    return token
  }

  async function signInAtProvider() {
    const there = oidcBrowser()
    await there.go(`${server.url}/session/oidc`).then((place) => there.submit(place, { account: 'canary@provider.test' }))
    for (const value of there.jar.values()) if (value.length > 20) plant('cookie of the way through the provider', value)
    await there.go(`${server.url}/session/oidc/callback?code=${plant('a wrong code', randomBytes(20).toString('hex'))}&state=x`)
  }

  /** Opens the pages signed in and signed out. The page of a link may contain its own secret. */
  async function openPages(slug: string) {
    const owner = await browser(cast.people.orgOwner.credentialId)
    const [project, organization] = [paths.project('acme', slug), paths.organization('acme')]
    const screens = [...Object.values(project), ...Object.values(organization)].filter((path) => typeof path === 'string')
    for (const path of [...screens, '/login', '/login/forgot', '/docs', '/setup', '/no/such/page', '/console/acme/none'])
      for (const who of [owner, null]) keep(`page ${path}`, await plain(who, `GET ${path}`))
  }

  test('are found nowhere but where they were issued', { timeout: 0 }, async () => {
    await call('POST /orgs/{orgId}/webhooks', cast.people.orgOwner.token, 'POST /orgs/acme/webhooks', {
      json: { url: receiver.url },
    })
    let done = 0
    for (let round = 0; round < ROUNDS; round++) {
      progress(round, ROUNDS, 'projects')
      const stage = await cast.project(`canary-${round}`)
      for (const [name, token] of Object.entries(stage.tokens)) plant(`project token ${name}`, token)
      await signInAtProvider()
      await resetPassword()
      const send = ((who, request, sent) => call(operationOf(request), who, request, sent)) as Client
      const v1 = await cast.project(`canary-v1-${round}`)
      for (const token of Object.values(v1.tokens)) plant('project token in the v1 API', token)
      const examples = await examplesOf(send, cast, stage)
      expect([...(await failEverything(examples))]).toEqual(expect.arrayContaining([500, 503]))
      await database.db.deleteFrom('sign_in_throttles').execute()
      await openPages(stage.slug)
      done += await doEverything(examples, `${round}`)
      done += await doEverything(await v1ExamplesOf(send, cast, v1), `${round}`)
    }
    expect(done).toBeGreaterThan(0.8 * ROUNDS * (operations.length + v1Operations.length))
    expect(await leaks()).toEqual([])
  })

  async function leaks(): Promise<string[]> {
    await vi.waitUntil(() => receiver.received.length > 0 && inbox.mails.length > 0, { timeout: 15_000 })
    places.push(
      ...(await databaseTexts(database.db)),
      ...server.output.map((text) => ({ name: 'log', text })),
      ...inbox.mails.map(({ text }) => ({ name: 'mail', text })),
      ...receiver.received.map(({ headers, body }) => ({ name: 'webhook', text: JSON.stringify(headers) + body })),
    )
    const find = searchFor(canaries)
    const failures = places.flatMap(({ name, text }) =>
      find(text)
        .filter((canary) => !mayStand(canary, name))
        .map((canary) => `${canary.name} in ${name}`),
    )
    return report({
      what: 'secrets searched for in answers, pages, logs, mails, webhooks and the database',
      tried: canaries.length * places.length,
      failures: [...new Set(failures)],
    })
  }

  test('would be found if they leaked', async () => {
    const text = plant('a planted one', newSecret('planted'))
    const find = searchFor(canaries)
    const bytes = Buffer.from(text)
    const written = [
      text,
      JSON.stringify({ text }),
      `x${bytes.toString('hex')}`,
      Buffer.from(`ab${text}cd`).toString('base64url'),
      encodeURIComponent(text),
    ]
    for (const one of written) expect(find(`… ${one} …`).map(({ name }) => name)).toContain('a planted one')
  })
})
