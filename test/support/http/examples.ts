import { expect } from 'vitest'
import { operations } from '#contract/operations'
import { insertIdentity } from '#db/queries/accounts/identities'
import { insertSession, renewSession } from '#db/queries/accounts/sessions'
import { findPasswordHash } from '#db/queries/accounts/users'
import { newId } from '#domain/ids'
import { resetToMail } from '#domain/accounts/password-resets'
import { type Cast, type Stage, ownersPassword } from '../world/cast.ts'
import type { Client, Who } from './client.ts'
import { factorExamples } from './factor-examples.ts'
import { browser } from './session.ts'

export type Example = {
  as: Who
  /** The caller, when it is not the organization's owner or a token of the project. */
  email?: string
  params: Record<string, string>
  body?: Record<string, unknown>
  /** NDJSON instead of a JSON body. */
  lines?: unknown[]
}

export const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

/** `PUT /{o}/{p}/cells/{name}` with its parameters filled in, as in a URL. */
export const requestOf = (name: string, params: Record<string, string>) =>
  name.replaceAll(/\{(\w+)\}/g, (_, param: string) => params[param] ?? expect.unreachable(`no example of {${param}} in ${name}`))

/** What an example sends, for the test client. */
export const sentBy = ({ body, lines }: Pick<Example, 'body' | 'lines'>) =>
  lines
    ? { raw: lines.map((line) => `${JSON.stringify(line)}\n`).join(''), headers: { 'content-type': 'application/x-ndjson' } }
    : { json: body }

/** Operations on everything in a project. */
const isOfEverything = (name: string) =>
  name === 'DELETE /orgs/{orgId}/projects/{projectId}' || /\/(nuke|wipes|import|restore|deleted-projects)\b/.test(name)

/** Fills a project with one of everything; with `only`, with what that operation needs. */
async function furnish(send: Client, { tokens: { owner }, slug }: Stage, only?: string) {
  const at = `/acme/${slug}`
  const isAll = only === undefined || isOfEverything(only)
  const isOf = (...paths: string[]) => isAll || paths.some((path) => only.includes(path))
  const made = async (method: string, path: string, json?: unknown) => {
    const { status, body, text } = await send<{ id: string; wipeId: string; revisionId: string }>(
      owner,
      `${method} ${at}${path}`,
      { json },
    )
    expect(status, `${path}: ${text}`).toBeLessThan(300)
    return body
  }
  const type = {
    name: 'server',
    states: ['active'],
    initialState: 'active',
    properties: [{ name: 'region', type: 'string' }],
    metrics: [{ name: 'load' }],
  }
  if (isAll) await made('POST', '/entity-types', type)
  const wipe = isAll ? await made('DELETE', '/nuke') : undefined
  if (isOf('/entity-types', '/cells', '/entities', '/relationship', '/envs/{envName}/apply'))
    await made('POST', '/entity-types', type)
  if (isOf('/entity-types')) await made('POST', '/entity-types', { name: 'spare', states: ['active'], initialState: 'active' })
  if (isOf('/cells')) for (const name of ['eu', 'spare']) await made('POST', '/cells', { name, entityType: 'server' })
  const entity = (name: string) => made('POST', '/envs/default/entities', { entityType: 'server', name })
  const web = isOf('/entities', '/cells') ? await entity('web-1') : undefined
  const peer = { from: 'server', to: 'server', states: ['up', 'down'] }
  if (isOf('/relationship')) await made('POST', '/relationship-types', { ...peer, name: 'peers' })
  if (isOf('/relationship-types', '/envs/{envName}/apply')) await made('POST', '/relationship-types', { ...peer, name: 'unused' })
  if (isOf('/relationships')) for (const name of ['web-8', 'web-9']) await entity(name)
  const ends = { relationshipType: 'peers', from: 'web-8', to: 'web-9' }
  const relationship = isOf('/relationships') ? await made('POST', '/envs/default/relationships', ends) : undefined
  if (isOf('/secrets')) await made('POST', '/envs/default/secrets', { name: 'password' })
  const token = isOf('/tokens') ? await made('POST', '/tokens', { name: 'old' }) : undefined
  const link = isOf('/repo-links')
    ? await made('POST', '/repo-links', { provider: 'github', repository: 'acme/infra' })
    : undefined
  const revision = isOf('/catalog-revisions')
    ? await made('POST', '/envs/default/apply', { items: [{ kind: 'Secret', name: 'license' }] })
    : undefined
  if (isOf('/environments')) await made('POST', '/environments', { name: 'empty' })
  return {
    wipeId: wipe?.wipeId ?? '',
    entityId: web?.id ?? '',
    relationshipId: relationship?.id ?? '',
    revisionId: revision?.revisionId ?? '',
    tokenId: token?.id ?? '',
    linkId: link?.id ?? '',
  }
}

async function deletedProject(send: Client, as: string, world: Cast['world'], slug: string) {
  const project = await world.project(slug)
  await send(as, `DELETE /orgs/acme/projects/${project.id}`)
  return project
}

/** A webhook with a delivery. */
async function webhookOf(send: Client, as: string) {
  // An organization can have twenty, and every stage adds one, so the oldest is removed.
  const { body: webhooks } = await send<{ id: string }[]>(as, 'GET /orgs/acme/webhooks')
  if (webhooks.length > 10) await send(as, `DELETE /orgs/acme/webhooks/${webhooks.at(-1)!.id}`)
  const webhook = await send<{ id: string }>(as, 'POST /orgs/acme/webhooks', {
    json: { url: 'https://siem.example.com/hook' },
  })
  const webhookId = webhook.body.id
  const ping = await send<{ id: string }>(as, `POST /orgs/acme/webhooks/${webhookId}/test`)
  return { webhookId, deliveryId: ping.body.id }
}

const personalToken = async (send: Client, as: Who) =>
  (await send<{ id: string }>(as, 'POST /orgs/acme/personal-tokens', { json: { name: 'old' } })).body.id

async function invitationFor(send: Client, as: Who, email: string) {
  const { body } = await send<{ results: { invitation: { id: string; link: string } }[] }>(as, 'POST /orgs/acme/invitations', {
    json: { invitations: [{ email }] },
  })
  return body.results[0]!.invitation
}

/** What an operation concerns: the project's data, or a person's factors. */
const isOfProject = (name: string) => name.includes('/{o}/{p}/') || name.includes('/projects')
const isOfFactors = (name: string) => /\/(totp|recovery-codes|passkeys?|reauthentication|second-factor)\b/.test(name)

/** The valid call of one operation; creates only what it needs. */
export async function exampleOf(send: Client, cast: Cast, stage: Stage, name: string): Promise<Example> {
  return (await examplesOf(send, cast, stage, name))[name]!
}

/**
 * A valid call of every operation, against a fresh project. The test that makes them all proves them valid. With `only`, omits
 * what that one operation does not need.
 */
export async function examplesOf(
  send: Client,
  { people, world }: Cast,
  stage: Stage,
  only?: string,
): Promise<Record<string, Example>> {
  const isWanted = (part: string) => only === undefined || only.includes(part)
  const ids = only === undefined || isOfProject(only) ? await furnish(send, stage, only) : undefined
  const owner = await browser(people.orgOwner.credentialId)
  const personal = isWanted('/personal-tokens') ? await personalToken(send, owner) : ''
  const sessionId = newId()
  await insertSession(world.db, { id: sessionId, user_id: people.orgOwner.id, address: null, user_agent: null, hours: 1 })
  const identityId = newId()
  const identity = { issuer: 'https://login.example.test', subject: stage.slug, email: null }
  if (isWanted('/identities'))
    await world.db
      .transaction()
      .execute((trx) => insertIdentity(trx, { id: identityId, user_id: people.orgOwner.id, ...identity }))
  const watcher = newId()
  await insertSession(world.db, { id: watcher, user_id: people.orgOwner.id, address: null, user_agent: null, hours: 1 })
  // The owner's password stays the same, because later calls confirm with it.
  const { password_hash } = (await findPasswordHash(world.db, people.orgOwner.id))!
  await world.db.updateTable('users').set({ password_hash }).where('id', '=', people.guest.id).execute()
  const viewing = await browser(watcher)
  const guest = await browser(people.guest.credentialId)
  const empty = isWanted('/import') ? await world.project(`${stage.slug}-empty`) : undefined
  const deleted = isWanted('/restore')
    ? await deletedProject(send, people.orgOwner.token, world, `${stage.slug}-deleted`)
    : undefined
  const purgeable = isWanted('/deleted-projects/')
    ? await deletedProject(send, people.orgOwner.token, world, `${stage.slug}-purgeable`)
    : undefined

  const seen = isWanted('/access-review/people/{userId}')
    ? await send<{ fingerprint: string }[]>(
        people.orgOwner.token,
        `GET /orgs/acme/access-review/people?q=${encodeURIComponent(people.guest.email)}`,
      )
    : undefined
  const leaver = isWanted('/orgs/{orgId}/members') ? await world.person() : people.guest
  const invited = isWanted('invitation')
    ? await invitationFor(send, people.orgOwner.token, `${stage.slug}@elsewhere.test`)
    : undefined
  const webhook = isWanted('/webhooks/') ? await webhookOf(send, people.orgOwner.token) : undefined
  const notices = isWanted('/notices')
    ? await send<{ id: string }[]>(people.orgOwner.token, 'GET /me/notices?limit=1')
    : undefined

  const forgetful = isWanted('/password-resets') ? await world.person() : people.guest
  const asked = { email: forgetful.email, askedAt: new Date().toISOString() }
  const reset = isWanted('/password-resets') ? await resetToMail(world.db, asked) : undefined

  await renewSession(world.db, people.orgOwner.credentialId)
  const factors = only === undefined || isOfFactors(only) ? await factorExamples(send, world, password_hash!) : undefined
  const by: Record<string, { email: string; as: Who }> = {
    'PUT /me/password': { as: guest, email: people.guest.email },
    'POST /password-resets/{token}': { as: null, email: forgetful.email },
    'PUT /orgs/{orgId}/favorites/{projectId}': { as: people.orgOwner.token, email: people.orgOwner.email },
    'DELETE /orgs/{orgId}/favorites/{projectId}': { as: people.orgOwner.token, email: people.orgOwner.email },
    ...factors?.by,
  }

  const file = {
    version: 1,
    projects: [{ slug: stage.slug, name: stage.slug, environments: ['default', 'from-a-file'] }],
  }
  const planned = isWanted('/file/apply')
    ? await send<{ revision: string }>(people.orgOwner.token, 'POST /orgs/acme/file/plan', { json: { file } })
    : undefined

  const slug = { o: 'acme', orgId: 'acme', p: stage.slug, projectId: stage.slug }
  const bodies: Record<string, Record<string, unknown>> = {
    'POST /orgs/{orgId}/projects': { name: 'New', slug: `${stage.slug}-new` },
    'PUT /orgs/{orgId}/projects/{projectId}': { name: 'Renamed', metadata: { tier: 'gold' } },
    'PUT /orgs/{orgId}/projects/{projectId}/protection': { protected: true, reason: 'Migration' },
    'POST /orgs/{orgId}/projects/{projectId}/members': {
      userId: people.newcomer.id,
      role: 'viewer',
      envName: 'staging',
      cellScopes: ['eu'],
      permissions: ['read:*'],
      expiresAt: '2099-01-01T00:00:00Z',
    },
    'PATCH /orgs/{orgId}/projects/{projectId}/members/{userId}': {
      role: 'member',
      envName: 'staging',
      cellScopes: ['eu'],
      expiresAt: '2099-01-01T00:00:00Z',
    },
    'PUT /orgs/{orgId}/projects/{projectId}/members/{userId}/cell-scopes': { cellScopes: ['eu'] },
    'POST /orgs/{orgId}/file/plan': { file },
    'POST /orgs/{orgId}/file/apply': { file, revision: planned?.body.revision },
    'POST /orgs/{orgId}/member-changes': {
      changes: [{ action: 'add', projectId: stage.slug, userId: people.newcomer.id, role: 'viewer' }],
    },
    'DELETE /{o}/{p}/nuke': { confirm: stage.slug, reason: 'Test data' },
    'DELETE /orgs/{orgId}/projects/{projectId}': { reason: 'Test data' },
    'POST /orgs/{orgId}/projects/{projectId}/restore': { reason: 'Still needed' },
    'DELETE /orgs/{orgId}/deleted-projects/{projectId}': { confirm: purgeable?.slug },
    'POST /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}/restore': { reason: 'Still needed' },
    'DELETE /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}': { confirm: stage.slug },
    'POST /{o}/{p}/environments': { name: 'production' },
    'POST /{o}/{p}/entity-types': {
      kind: 'EntityType',
      name: 'database',
      states: ['active'],
      initialState: 'active',
      displayName: 'Database',
      properties: [],
      metrics: [],
      constraints: [],
    },
    'POST /orgs/{orgId}/projects/{projectId}/view-as': { userId: people.viewer.id },
    'PUT /{o}/{p}/entity-types/{name}': {
      kind: 'EntityType',
      states: ['active'],
      initialState: 'active',
      displayName: 'Spare',
      properties: [],
      metrics: [],
      constraints: [],
    },
    'POST /{o}/{p}/cells': {
      kind: 'Cell',
      name: 'us',
      displayName: 'US',
      entityType: 'server',
      placementPolicy: 'random',
      constraints: [],
      parentCells: ['eu'],
      membership: { derivedFrom: { property: 'region' } },
    },
    'PUT /{o}/{p}/cells/{name}': {
      kind: 'Cell',
      displayName: 'Europe',
      entityType: 'server',
      placementPolicy: 'random',
      constraints: [],
      parentCells: [],
      membership: { derivedFrom: { property: 'region' } },
    },
    'POST /{o}/{p}/envs/{envName}/entities': {
      kind: 'Entity',
      entityType: 'server',
      name: 'web-2',
      state: 'active',
      properties: { region: 'eu' },
      labels: { team: 'a' },
    },
    'PUT /{o}/{p}/envs/{envName}/entities/{name}': {
      kind: 'Entity',
      state: 'failed',
      properties: { region: 'eu' },
      labels: { team: 'a' },
    },
    'PUT /{o}/{p}/envs/{envName}/entities/{name}/metrics': { metrics: { load: 1.5 } },
    'POST /{o}/{p}/relationship-types': {
      kind: 'RelationshipType',
      name: 'backs-up',
      displayName: 'Backs up',
      from: 'server',
      to: 'server',
      cardinality: 'many-to-one',
      states: ['up'],
      properties: [{ name: 'share', type: 'number' }],
      constraints: [{ type: 'property-sum', property: 'share', leq: '{{ to.metrics.load }}' }],
    },
    'PUT /{o}/{p}/relationship-types/{name}': {
      kind: 'RelationshipType',
      displayName: 'Unused',
      from: 'server',
      to: 'server',
      cardinality: 'one-to-one',
      states: ['up'],
      properties: [],
      constraints: [],
    },
    'POST /{o}/{p}/envs/{envName}/relationships': {
      kind: 'Relationship',
      relationshipType: 'peers',
      from: 'web-9',
      to: 'web-8',
      state: 'down',
      properties: {},
      labels: { team: 'a' },
    },
    'PUT /{o}/{p}/envs/{envName}/relationships/{relationshipId}': {
      kind: 'Relationship',
      state: 'down',
      properties: {},
      labels: { team: 'a' },
    },
    'PUT /{o}/{p}/envs/{envName}/relationships/{relationshipId}/state': { state: 'down' },
    'POST /{o}/{p}/envs/{envName}/secrets': { kind: 'Secret', name: 'api-key', description: 'For the API' },
    'PUT /{o}/{p}/envs/{envName}/secrets/{name}': { kind: 'Secret', description: 'For the database' },
    'PUT /{o}/{p}/envs/{envName}/secrets/{name}/value': { value: 'correct horse' },
    'POST /{o}/{p}/envs/{envName}/apply': {
      items: [{ kind: 'Entity', entityType: 'server', name: 'web-3' }],
      force: false,
      deletions: [{ kind: 'RelationshipType', name: 'unused' }],
      dryRun: false,
    },
    'POST /{o}/{p}/catalog-revisions/{revisionId}/apply': { force: true, dryRun: true },
    'POST /{o}/{p}/repo-links': { provider: 'gitlab', repository: 'acme/infra', branch: 'main', path: '/' },
    'PATCH /orgs/{orgId}': { name: 'Acme', maxTokenLifetimeDays: null, shortenTokens: false, requireNukeReason: false },
    'PATCH /orgs/{orgId}/members/{userId}': { role: 'viewer' },
    'PUT /orgs/{orgId}/access-review/people/{userId}': { fingerprint: seen?.body[0]?.fingerprint },
    'POST /orgs/{orgId}/invitations': {
      invitations: [
        {
          email: `${stage.slug}-new@elsewhere.test`,
          role: 'member',
          projects: [
            { slug: stage.slug, role: 'viewer', envName: 'staging', cellScopes: ['eu'], expiresAt: '2099-01-01T00:00:00Z' },
          ],
        },
      ],
    },
    'POST /orgs/{orgId}/webhooks': {
      url: 'https://siem.example.com/bulkhead',
      description: 'SIEM',
      events: ['project.nuked', 'member.*'],
      projects: [stage.slug],
      enabled: true,
    },
    'PATCH /orgs/{orgId}/webhooks/{webhookId}': {
      url: 'https://siem.example.com/other',
      description: '',
      events: null,
      projects: null,
      enabled: true,
    },
    'POST /orgs/{orgId}/webhooks/{webhookId}/rotate-secret': { overlapSeconds: 3600 },
    'PATCH /me/notices/{noticeId}': { read: true },
    'POST /invitations/{token}/accept': { name: 'New', password: 'correct horse battery' },
    'POST /orgs/{orgId}/personal-tokens': {
      name: 'laptop',
      expiresAt: '2099-01-01T00:00:00Z',
      allowedAddresses: ['127.0.0.1', '2001:db8::/32'],
    },
    'PATCH /orgs/{orgId}/personal-tokens/{tokenId}': {
      name: 'desk',
      expiresAt: '2099-01-01T00:00:00Z',
      allowedAddresses: ['127.0.0.1'],
    },
    'PUT /me/password': { password: ownersPassword, newPassword: 'tuesday apricot lantern' },
    'POST /session': { email: people.orgOwner.email, password: ownersPassword },
    'POST /password-resets': { email: people.guest.email },
    'POST /password-resets/{token}': { password: 'tuesday apricot lantern' },
    'POST /me/identities': { next: '/console' },
    'POST /me/reauthentication': { password: ownersPassword },
    ...factors?.bodies,
  }
  for (const base of ['/{o}/{p}/tokens', '/orgs/{orgId}/projects/{projectId}/tokens']) {
    bodies[`POST ${base}`] = {
      name: 'ci',
      role: 'viewer',
      envName: 'staging',
      cellScopes: ['eu'],
      expiresAt: '2099-01-01T00:00:00Z',
      allowedAddresses: ['127.0.0.0/8'],
    }
    bodies[`PATCH ${base}/{tokenId}`] = { name: 'cd', expiresAt: '2099-01-01T00:00:00Z', allowedAddresses: ['127.0.0.0/8'] }
    bodies[`POST ${base}/{tokenId}/rotate`] = { overlapSeconds: 60 }
  }
  const params: Record<string, Record<string, string>> = {
    'POST /orgs/{orgId}/projects/{projectId}/restore': { projectId: deleted?.id ?? '' },
    'DELETE /orgs/{orgId}/deleted-projects/{projectId}': { projectId: purgeable?.id ?? '' },
    'PATCH /orgs/{orgId}/members/{userId}': { userId: leaver.id },
    'DELETE /orgs/{orgId}/members/{userId}': { userId: leaver.id },
    'DELETE /orgs/{orgId}/personal-tokens/{tokenId}': { tokenId: personal },
    'PATCH /orgs/{orgId}/personal-tokens/{tokenId}': { tokenId: personal },
    'GET /{o}/{p}/entity-types/{name}': { name: 'server' },
    'PUT /{o}/{p}/entity-types/{name}': { name: 'spare' },
    'DELETE /{o}/{p}/entity-types/{name}': { name: 'spare' },
    'DELETE /{o}/{p}/environments/{envName}': { envName: 'empty' },
    // No member is limited to it.
    'PUT /{o}/{p}/cells/{name}': { name: 'spare' },
    'DELETE /{o}/{p}/cells/{name}': { name: 'spare' },
    'GET /{o}/{p}/relationship-types/{name}': { name: 'peers' },
    'PUT /{o}/{p}/relationship-types/{name}': { name: 'unused' },
    'DELETE /{o}/{p}/relationship-types/{name}': { name: 'unused' },
    'POST /{o}/{p}/import': { p: empty?.slug ?? '' },
    'GET /password-resets/{token}': { token: reset?.token ?? '' },
    'POST /password-resets/{token}': { token: reset?.token ?? '' },
  }
  const created = { createdAt: '2026-01-01T00:00:00.000000Z', updatedAt: '2026-01-01T00:00:00.000000Z' }
  const lines: Record<string, unknown[]> = {
    'POST /{o}/{p}/import': [{ kind: 'EntityType', name: 'server', states: ['active'], initialState: 'active', ...created }],
  }
  const entities = { envName: 'default', name: 'web-1' }
  const secrets = { envName: 'default', name: 'password' }
  const rest = {
    userId: people.guest.id,
    ...ids,
    sessionId,
    identityId,
    name: 'eu',
    envName: 'default',
    invitationId: invited?.id ?? '',
    token: invited?.link.split('/').at(-1) ?? '',
    ...webhook,
    noticeId: notices?.body[0]?.id ?? '',
    ...(factors && { passkeyId: factors.passkeyId }),
  }
  return Object.fromEntries(
    operations.map((operation): [string, Example] => {
      const name = nameOf(operation)
      const as =
        by[name]?.as ??
        (operation.permission === 'public' || operation.permission === 'anybody'
          ? null
          : name.includes('view-as')
            ? viewing
            : name.includes('personal-tokens') || ['session', 'projects:purge', 'wipes:purge'].includes(operation.permission)
              ? owner
              : people.orgOwner.token)
      const email = by[name]?.email
      const body = bodies[name]
      const named = name.includes('/entities') ? entities : name.includes('/secrets') ? secrets : {}
      const sent = { ...(email && { email }), ...(body && { body }), ...(lines[name] && { lines: lines[name] }) }
      return [name, { as, params: { ...slug, ...rest, ...named, ...params[name] }, ...sent }]
    }),
  )
}
