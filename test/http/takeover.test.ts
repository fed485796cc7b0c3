import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { ErrorBody } from '#contract/errors'
import type { InvitedPeople } from '#contract/organizations/invitations'
import type { SignInMethods } from '#contract/accounts/oidc'
import { countWaiting, createTestDatabase } from '#test/support/database/database'
import { newId } from '#domain/ids'
import { invitationToken, mailedInvitationToken } from '#domain/organizations/invitations'
import { takeOver } from '#domain/accounts/takeover'
import { bodyLimits } from '#server/http/body-limits'
import { bodiesHeld } from '#server/http/body-store'
import { startJobs } from '#server/jobs/worker'
import { softAuthenticator } from '../support/http/authenticator.ts'
import { createCast, personalToken } from '../support/world/cast.ts'
import { addSoftPasskey } from '../support/http/factors.ts'
import { type Mail, startInbox } from '../support/servers/inbox.ts'
import { startJwtIssuer } from '../support/servers/jwt-issuer.ts'
import { startLane } from '../support/http/lane.ts'
import { oidcBrowser } from '../support/servers/oidc-browser.ts'
import { startOidcProvider } from '../support/servers/oidc-provider.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { type Jar, cookieOf, keep, signIn, trySignIn } from '../support/http/sign-in.ts'

/*
 * An admin of an organization invites an address without an account, opens the link that the console shows, and creates the
 * account. Then the owner of the address arrives: by JWT, through the sign-in provider, or through a mailed link.
 */

const inbox = await startInbox()
const provider = await startOidcProvider()
const issuer = await startJwtIssuer()
const database = await createTestDatabase()
const lane = await startLane(database.url)
provider.allow(lane.origin)
Object.assign(process.env, provider.settings, issuer.settings, { BULKHEAD_SMTP_URL: inbox.url })
const jobs = await startJobs(lane.db, database.url)
const cast = await createCast(lane.db)
afterAll(async () => {
  await jobs.stop()
  await lane.stop()
  await database.drop()
  await Promise.all([provider.stop(), issuer.stop(), inbox.stop()])
})
beforeEach(async () => {
  await lane.db.deleteFrom('sign_in_throttles').execute()
})

const impostors = 'the impostor knows this'
const persons = 'tuesday apricot lantern'
let n = 0

const headersOf = (jar: Jar) => ({ cookie: cookieOf(jar), 'sec-fetch-site': 'same-origin' })
const ask = (jar: Jar) => lane.send<{ email: string } & ErrorBody>(headersOf(jar), 'GET /me')
const passwordOpens = async (email: string, password: string) =>
  (await trySignIn(lane.origin, new Map(), email, password)).status === 201
const verifiedAt = async (email: string) =>
  (await lane.db.selectFrom('users').select('email_verified_at').where('email', '=', email).executeTakeFirstOrThrow())
    .email_verified_at
const homesOf = (email: string) =>
  lane.db
    .selectFrom('organization_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .innerJoin('organizations as o', 'o.id', 'm.org_id')
    .select(['o.slug', 'm.home'])
    .where('u.email', '=', email)
    .orderBy('m.created_at')
    .execute()

/** The mails to this address, once matching ones have arrived. */
async function mailTo(email: string, pattern: RegExp): Promise<Mail> {
  return vi.waitFor(
    () => {
      const found = inbox.mails.find(({ to, text }) => to.includes(email) && pattern.test(text))
      expect(found, `${email} ${pattern}`).toBeDefined()
      return found!
    },
    { timeout: 10_000, interval: 20 },
  )
}
const secretIn = ({ text }: Mail, path: string) => new RegExp(`/${path}/(\\S+)`).exec(text)![1]!

/** Invites a new address, as an admin of the organization and of a project. */
async function invited(email = `victim-${++n}@example.test`) {
  const project = await cast.project(`trap-${++n}`)
  const json = { invitations: [{ email, role: 'admin', projects: [{ projectId: project.id, role: 'admin' }] }] }
  const { body } = await lane.send<InvitedPeople>(cast.people.orgOwner.token, 'POST /orgs/acme/invitations', { json })
  const { id, link } = body.results[0]!.invitation!
  const mailed = secretIn(await mailTo(email, new RegExp(`/invite/`)), 'invite')
  return { email, project, id, shown: link!.split('/').at(-1)!, mailed }
}

/** What the impostor sets up in the account that they created with the shown link. */
async function trap() {
  const { shown, ...about } = await invited()
  const { email, project } = about
  const json = { name: 'Mallory', password: impostors }
  expect(await lane.send(null, `POST /invitations/${shown}/accept`, { json })).toMatchObject({ status: 200 })
  expect(await verifiedAt(email)).toBeNull()
  const jar = await signIn(lane.origin, email, impostors)
  const session = headersOf(jar)
  const personal = await lane.send<{ token: string }>(session, 'POST /orgs/acme/personal-tokens', { json: { name: 'mine' } })
  const everywhere = await personalToken(lane.db, await userOf(email), null)
  const projects = `/acme/${project.slug}`
  const token = await lane.send<{ id: string; token: string }>(session, `POST ${projects}/tokens`, {
    json: { name: 'ci of mallory', role: 'admin' },
  })
  expect(token.status).toBe(201)
  const webhook = await lane.send<{ id: string }>(session, 'POST /orgs/acme/webhooks', {
    json: { url: 'https://hooks.example.com/x', description: '', events: null, projects: [project.id] },
  })
  expect(webhook.status).toBe(201)
  const other = await lane.send<InvitedPeople>(session, 'POST /orgs/acme/invitations', {
    json: { invitations: [{ email: `sock-${++n}@example.test` }] },
  })
  const sock = invitationToken(other.body.results[0]!.invitation!.id)
  await linkOwn(jar)
  const passkey = await addSoftPasskey(lane.send, session)
  const device = new Map([...jar].filter(([name]) => name.startsWith('bulkhead-device-')))
  return {
    ...about,
    shown,
    jar,
    personal: personal.body.token,
    everywhere,
    token: token.body,
    webhook: webhook.body,
    sock,
    passkey,
    device,
  }
}
type Trap = Awaited<ReturnType<typeof trap>>

const userOf = (email: string) =>
  lane.db.selectFrom('users').select(['id', 'email', 'name']).where('email', '=', email).executeTakeFirstOrThrow()

/** Links the impostor's own provider account. */
async function linkOwn(jar: Jar) {
  const start = await lane.send<{ location: string }>(headersOf(jar), 'POST /me/identities', { json: { next: '/console' } })
  keep(jar, start)
  const browser = oidcBrowser(jar)
  const { url } = await browser.submit(await browser.go(start.body.location), { account: 'mallory@evil.test' })
  expect(url.pathname + url.search).toBe('/console')
}

async function withPasskey({ passkey }: Trap): Promise<number> {
  const jar: Jar = new Map()
  const begun = await lane.send<{ challenge: string; rpId: string }>(null, 'POST /session/passkey/options')
  keep(jar, begun)
  const json = { credential: passkey.authenticator.get(begun.body) }
  return (await lane.send({ cookie: cookieOf(jar) }, 'POST /session/passkey', { json })).status
}

/** Nothing that the impostor holds opens anything of the owner. */
async function expectNothingLeft(trapped: Trap) {
  const { email, jar, personal, everywhere, sock } = trapped
  expect(refusalOf(await ask(jar))).toBe('401 unauthenticated')
  for (const token of [personal, everywhere]) expect(refusalOf(await lane.send(token, 'GET /me'))).toBe('401 unauthenticated')
  expect(await passwordOpens(email, impostors)).toBe(false)
  expect(await withPasskey(trapped)).toBe(403)
  const browser = oidcBrowser()
  await browser.submit(await browser.go(`${lane.origin}/session/oidc`), { account: 'mallory@evil.test' })
  expect((await ask(browser.jar)).body.email).toBe('mallory@evil.test')
  expect(refusalOf(await lane.send(null, `GET /invitations/${sock}`))).toBe('410 invitation_gone')
  await lane.db.deleteFrom('users').where('email', '=', 'mallory@evil.test').execute()
}

/** Everybody concerned is notified of what stays, in the console and by mail. */
async function expectTold({ email, project, token, webhook }: Trap) {
  const notices = await lane.db
    .selectFrom('notices as n')
    .innerJoin('users as u', 'u.id', 'n.user_id')
    .innerJoin('audit_events as e', 'e.id', 'n.id')
    .select(['u.email', 'n.project_id', 'n.read_at', 'e.after'])
    .where('n.kind', '=', 'account-taken-over')
    .where('e.target_name', '=', email)
    .execute()
  const { orgOwner, owner } = cast.people
  const toldOf = (projectId: string | null) =>
    notices.filter((one) => one.project_id === projectId && one.read_at === null).map((one) => one.email)
  expect(new Set(toldOf(null))).toEqual(new Set([email, orgOwner.email, cast.world.root.email]))
  expect(new Set(toldOf(project.id))).toEqual(new Set([orgOwner.email, owner.email, cast.world.root.email]))
  const left = { tokens: [{ id: token.id, name: 'ci of mallory' }], webhooks: [{ id: webhook.id, host: 'hooks.example.com' }] }
  expect(notices.find((one) => one.project_id === project.id)!.after).toEqual(left)
  const mail = await mailTo(email, /Subject: Your Bulkhead account now belongs to you alone/)
  expect(mail.text).toContain('- the password\n- 1 second factor\n- 1 linked sign-in\n- 1 session\n- 2 personal tokens')
  expect((await mailTo(owner.email, new RegExp(`${email}[^]*ci of mallory[^]*hooks.example.com`))).text).toContain(
    `/console/acme/${project.slug}/tokens`,
  )
  await mailTo(orgOwner.email, new RegExp(`${email}[^]*took over`))
}

/** The memberships and the project's token are unchanged. */
async function expectKept({ email, project, token }: Trap) {
  const members = await lane.db
    .selectFrom('project_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select('m.role')
    .where('m.project_id', '=', project.id)
    .where('u.email', '=', email)
    .execute()
  expect(members).toEqual([{ role: 'admin' }])
  expect((await lane.send(token.token, `GET /acme/${project.slug}/tokens`)).status).toBe(200)
}

describe('the owner of the address arrives', () => {
  test('by JWT: their project belongs to them, and the impostor has nothing', { timeout: 30_000 }, async () => {
    const trapped = await trap()
    const { email } = trapped
    const before = await ask(trapped.jar)
    expect(before.status).toBe(200)
    const bearer = await issuer.jwt({ email, email_verified: true, name: 'Victoria' })
    const made = await lane.send<{ id: string }>(bearer, 'POST /v1/projects', { json: { name: 'diary' } })
    expect(made.status).toBe(201)
    const { org_id } = await lane.db
      .selectFrom('projects')
      .select('org_id')
      .where('id', '=', made.body.id)
      .executeTakeFirstOrThrow()
    expect(org_id).not.toBe(cast.world.org.id)
    expect(await homesOf(email)).toEqual([
      { slug: 'acme', home: false },
      { slug: email.split('@')[0], home: true },
    ])
    expect(await userOf(email)).toMatchObject({ name: 'Victoria' })
    await expectNothingLeft(trapped)
    await expectTold(trapped)
    await expectKept(trapped)
    // A second call changes nothing more.
    expect((await lane.send(bearer, 'GET /v1/projects')).status).toBe(200)
    expect(await homesOf(email)).toHaveLength(2)
  })

  test('through the sign-in provider: they are linked, and the impostor has nothing', { timeout: 30_000 }, async () => {
    const trapped = await trap()
    const browser = oidcBrowser()
    const login = await browser.go(`${lane.origin}/session/oidc`)
    const { url } = await browser.submit(login, { account: trapped.email })
    expect(url.pathname + url.search).toBe('/console')
    expect((await ask(browser.jar)).body).toMatchObject({ email: trapped.email })
    const methods = await lane.send<SignInMethods>(headersOf(browser.jar), 'GET /me/sign-in-methods')
    expect(methods.body).toMatchObject({ password: false, emailVerified: true, identities: [{ email: trapped.email }] })
    await expectNothingLeft(trapped)
    await expectTold(trapped)
    await expectKept(trapped)
    expect((await ask(browser.jar)).status).toBe(200)
  })

  test('by a new password through a mailed link', { timeout: 30_000 }, async () => {
    const trapped = await trap()
    const { email, jar } = trapped
    await lane.send(null, 'POST /password-resets', { json: { email } })
    const link = secretIn(await mailTo(email, /\/reset-password\//), 'reset-password')
    const answered = await lane.send(headersOf(jar), `POST /password-resets/${link}`, { json: { password: persons } })
    expect(answered).toMatchObject({ status: 200, body: { email, revokedSessions: 1 } })
    await expectNothingLeft(trapped)
    expect(await passwordOpens(email, persons)).toBe(true)
    await expectTold(trapped)
    await expectKept(trapped)
    // The account does not recognize the browser that it knew before the takeover.
    for (let i = 0; i < 5; i++) await trySignIn(lane.origin, new Map(), email, 'wrong')
    expect((await trySignIn(lane.origin, new Map(trapped.device), email, persons)).status).toBe(429)
  })

  test('by the mailed link of another invitation, with a name and a password', { timeout: 30_000 }, async () => {
    const trapped = await trap()
    const { email } = trapped
    const again = await lane.send<InvitedPeople>(cast.stranger.token, 'POST /orgs/other/invitations', {
      json: { invitations: [{ email }] },
    })
    const { id } = again.body.results[0]!.invitation!
    await mailTo(email, new RegExp(mailedInvitationToken(id)))
    const json = { name: 'Victoria', password: persons }
    expect(refusalOf(await lane.send(null, `POST /invitations/${invitationToken(id)}/accept`, { json }))).toBe('409 email_taken')
    expect(await verifiedAt(email)).toBeNull()
    expect(await lane.send(null, `POST /invitations/${mailedInvitationToken(id)}/accept`, { json })).toMatchObject({
      status: 200,
    })
    await expectNothingLeft(trapped)
    expect(await passwordOpens(email, persons)).toBe(true)
    await expectTold(trapped)
    expect(await homesOf(email)).toEqual([
      { slug: 'acme', home: false },
      { slug: 'other', home: true },
    ])
  })
})

describe('a link', () => {
  test('shown in the console creates an unverified account; the mailed one differs, and verifies it', async () => {
    const { email, shown, mailed } = await invited()
    expect(shown).not.toBe(mailed)
    const json = { name: 'Ann', password: persons }
    expect((await lane.send(null, `POST /invitations/${mailed}/accept`, { json })).status).toBe(200)
    expect(await verifiedAt(email)).not.toBeNull()
    expect(await homesOf(email)).toEqual([{ slug: 'acme', home: true }])
    const other = await invited()
    expect((await lane.send(null, `POST /invitations/${other.shown}/accept`, { json })).status).toBe(200)
    expect(await verifiedAt(other.email)).toBeNull()
    expect(await homesOf(other.email)).toEqual([{ slug: 'acme', home: false }])
    const jar = await signIn(lane.origin, other.email, persons)
    expect((await lane.send<SignInMethods>(headersOf(jar), 'GET /me/sign-in-methods')).body.emailVerified).toBe(false)
    const people = (who: string) =>
      lane.send<{ email: string; emailVerified: boolean | null }[]>(who, `GET /orgs/acme/members?q=${other.email}`)
    expect((await people(cast.people.orgAdmin.token)).body[0]!.emailVerified).toBe(false)
    expect((await people(cast.people.orgMember.token)).body[0]!.emailVerified).toBeNull()
  })

  test('changes nothing for a person who is signed in as another, with or without a password', async () => {
    const { email, mailed } = await invited()
    const jar = await signIn(lane.origin, cast.people.orgOwner.email, 'correct horse battery')
    for (const json of [{}, { name: 'Mallory', password: impostors }])
      expect(refusalOf(await lane.send(headersOf(jar), `POST /invitations/${mailed}/accept`, { json }))).toBe(
        '403 email_mismatch',
      )
    expect(await lane.db.selectFrom('users').select('id').where('email', '=', email).execute()).toEqual([])
    expect((await ask(jar)).status).toBe(200)
  })

  test('sent by mail keeps its reader signed in, in a session that began with the proof', async () => {
    const { email, shown } = await invited()
    await lane.send(null, `POST /invitations/${shown}/accept`, { json: { name: 'Ann', password: persons } })
    const jar = await signIn(lane.origin, email, persons)
    const elsewhere = await signIn(lane.origin, email, persons)
    const json = { invitations: [{ email }] }
    const made = await lane.send<InvitedPeople>(cast.stranger.token, 'POST /orgs/other/invitations', { json })
    const token = mailedInvitationToken(made.body.results[0]!.invitation!.id)
    const before = jar.get('next-auth.session-token')
    const answer = await lane.send(headersOf(jar), `POST /invitations/${token}/accept`)
    expect(answer.status).toBe(200)
    expect(refusalOf(await ask(jar))).toBe('401 unauthenticated')
    keep(jar, answer)
    expect(jar.get('next-auth.session-token')).not.toBe(before)
    expect((await ask(jar)).body.email).toBe(email)
    expect(refusalOf(await ask(elsewhere))).toBe('401 unauthenticated')
    expect(await passwordOpens(email, persons)).toBe(false)
  })
})

test('discards a passkey whose registration is under way', async () => {
  const { email, shown } = await invited()
  await lane.send(null, `POST /invitations/${shown}/accept`, { json: { name: 'Mallory', password: impostors } })
  const session = headersOf(await signIn(lane.origin, email, impostors))
  const options = await lane.send<{ challenge: string; rp: { id: string } }>(session, 'POST /me/passkeys/options')
  const authenticator = softAuthenticator(lane.origin.replace('127.0.0.1', 'localhost'))
  const { id } = await userOf(email)
  let busy: Promise<unknown> | undefined
  await lane.db.transaction().execute(async (trx) => {
    await takeOver(trx, id, { by: 'mail' }, { requestId: newId(), address: null })
    const json = { name: 'kept', credential: authenticator.create(options.body) }
    busy = lane.send(session, 'POST /me/passkeys', { json }).then(refusalOf)
    await vi.waitFor(async () => expect(await countWaiting(lane.db)).toBeGreaterThan(0), { timeout: 5000, interval: 20 })
  })
  expect(await busy).toBe('401 unauthenticated')
  expect(await lane.db.selectFrom('passkeys').select('id').where('user_id', '=', id).execute()).toEqual([])
})

test.for([
  ['the session', 'jar', 'POST /acme/{project}/environments', 'application/json', '{"name":"late"}'],
  ['a personal token', 'personal', 'POST /acme/{project}/environments', 'application/json', '{"name":"late"}'],
  ['a personal token in v1', 'everywhere', 'PATCH /v1/projects/{id}', 'application/json', '{"name":"late"}'],
  ['a personal token, for an import', 'personal', 'POST /acme/{project}/import', 'application/x-ndjson', '\n'],
] as const)('refuses a request by %s whose body ends after the takeover', async ([, by, request, type, text]) => {
  const { unquestioned } = bodyLimits
  Object.assign(bodyLimits, { unquestioned: 0 })
  onTestFinished(() => void Object.assign(bodyLimits, { unquestioned }))
  const trapped = await trap()
  const { id } = await userOf(trapped.email)
  const body = Promise.withResolvers<void>()
  const raw = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(Buffer.from(text.slice(0, 1)))
      await body.promise
      controller.enqueue(Buffer.from(text.slice(1)))
      controller.close()
    },
  })
  const who = by === 'jar' ? headersOf(trapped.jar) : trapped[by]
  const headers = { 'content-type': type }
  const { slug, id: projectId } = trapped.project
  const busy = lane.send(who, request.replace('{project}', slug).replace('{id}', projectId), { raw, headers })
  await vi.waitFor(() => expect(bodiesHeld().memory).toBeGreaterThan(0), { timeout: 5000, interval: 20 })
  await lane.db.transaction().execute((trx) => takeOver(trx, id, { by: 'mail' }, { requestId: newId(), address: null }))
  body.resolve()
  expect((await busy).status).toBe(401)
})

test('takes the account over once for many concurrent first proofs, by every way', { timeout: 30_000 }, async () => {
  const { email, shown } = await invited()
  await lane.send(null, `POST /invitations/${shown}/accept`, { json: { name: 'Mallory', password: impostors } })
  await lane.send(null, 'POST /password-resets', { json: { email } })
  const reset = secretIn(await mailTo(email, /\/reset-password\//), 'reset-password')
  const bearer = await issuer.jwt({ email, email_verified: 'true' })
  const viaProvider = async () => {
    const browser = oidcBrowser()
    return browser.submit(await browser.go(`${lane.origin}/session/oidc`), { account: email })
  }
  await Promise.all([
    ...Array.from({ length: 4 }, () => lane.send(bearer, 'GET /v1/projects')),
    ...Array.from({ length: 3 }, viaProvider),
    ...Array.from({ length: 3 }, () => lane.send(null, `POST /password-resets/${reset}`, { json: { password: persons } })),
  ])
  const { id } = await userOf(email)
  const events = await lane.db.selectFrom('audit_events').select('action').where('actor_id', '=', id).execute()
  expect(events.filter(({ action }) => action === 'account.taken-over')).toHaveLength(1)
  expect(await passwordOpens(email, impostors)).toBe(false)
})
