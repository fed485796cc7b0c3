import { expect } from 'vitest'
import { operations } from '#contract/operations'
import { type Cast, type Stage, ownersPassword } from './cast.ts'
import type { Client, Who } from './client.ts'
import { browser } from './session.ts'

export type Example = { as: Who; params: Record<string, string>; body?: Record<string, unknown> }

export const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

/** `PUT /{o}/{p}/cells/{name}` with its parameters filled in, as they would stand in a URL. */
export const requestOf = (name: string, params: Record<string, string>) =>
  name.replaceAll(/\{(\w+)\}/g, (_, param: string) => params[param] ?? expect.unreachable(`no example of {${param}} in ${name}`))

/** A project with one of everything in it. */
async function furnish(send: Client, { tokens: { owner }, slug }: Stage) {
  const at = `/acme/${slug}`
  const made = async (method: string, path: string, json?: unknown) => {
    const { status, body } = await send<{ id: string; wipeId: string }>(owner, `${method} ${at}${path}`, { json })
    expect(status, path).toBeLessThan(300)
    return body
  }
  const type = { name: 'server', states: ['active'], initialState: 'active', properties: [{ name: 'region', type: 'string' }] }
  await made('POST', '/entity-types', type)
  const { wipeId } = await made('DELETE', '/nuke')
  await made('POST', '/entity-types', type)
  await made('POST', '/entity-types', { name: 'spare', states: ['active'], initialState: 'active' })
  await made('POST', '/cells', { name: 'eu', entityType: 'server' })
  const entity = await made('POST', '/envs/default/entities', { entityType: 'server', name: 'web-1' })
  const token = await made('POST', '/tokens', { name: 'old' })
  const link = await made('POST', '/repo-links', { provider: 'github', repository: 'acme/infra' })
  return { wipeId, entityId: entity.id, tokenId: token.id, linkId: link.id }
}

/** A right call of every operation, against a fresh project; the test that makes them all shows that they are right. */
export async function examplesOf(send: Client, { people, world }: Cast, stage: Stage): Promise<Record<string, Example>> {
  const ids = await furnish(send, stage)
  const owner = await browser(people.orgOwner.credentialId)
  const { body: personal } = await send<{ id: string }>(owner, 'POST /orgs/acme/personal-tokens', { json: { name: 'old' } })
  const deleted = await world.project(`${stage.slug}-deleted`)
  await send(people.orgOwner.token, `DELETE /orgs/acme/projects/${deleted.id}`)

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
      expiresAt: '2099-01-01T00:00:00Z',
    },
    'PATCH /orgs/{orgId}/projects/{projectId}/members/{userId}': {
      role: 'member',
      envName: 'staging',
      expiresAt: '2099-01-01T00:00:00Z',
    },
    'PUT /orgs/{orgId}/projects/{projectId}/members/{userId}/cell-scopes': { cellScopes: ['eu'] },
    'DELETE /{o}/{p}/nuke': { confirm: stage.slug },
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
    'POST /{o}/{p}/repo-links': { provider: 'gitlab', repository: 'acme/infra', branch: 'main', path: '/' },
    'POST /orgs/{orgId}/personal-tokens': { name: 'laptop', expiresAt: '2099-01-01T00:00:00Z' },
    'POST /me/reauthentication': { password: ownersPassword },
  }
  for (const base of ['/{o}/{p}/tokens', '/orgs/{orgId}/projects/{projectId}/tokens']) {
    bodies[`POST ${base}`] = {
      name: 'ci',
      role: 'viewer',
      envName: 'staging',
      cellScopes: ['eu'],
      expiresAt: '2099-01-01T00:00:00Z',
    }
    bodies[`POST ${base}/{tokenId}/rotate`] = { overlapSeconds: 60 }
  }
  const params: Record<string, Record<string, string>> = {
    'POST /orgs/{orgId}/projects/{projectId}/restore': { projectId: deleted.id },
    'DELETE /orgs/{orgId}/personal-tokens/{tokenId}': { tokenId: personal.id },
    'GET /{o}/{p}/entity-types/{name}': { name: 'server' },
    'PUT /{o}/{p}/entity-types/{name}': { name: 'spare' },
    'DELETE /{o}/{p}/entity-types/{name}': { name: 'spare' },
    'DELETE /{o}/{p}/environments/{envName}': { envName: 'empty' },
  }
  await send(stage.tokens.owner, `POST /acme/${stage.slug}/environments`, { json: { name: 'empty' } })
  const entities = { envName: 'default', name: 'web-1' }
  const rest = { userId: people.guest.id, ...ids, name: 'eu', envName: 'default' }
  return Object.fromEntries(
    operations.map((operation): [string, Example] => {
      const name = nameOf(operation)
      const as =
        operation.permission === 'public'
          ? null
          : name.includes('personal-tokens') || operation.permission === 'session'
            ? owner
            : people.orgOwner.token
      const body = bodies[name]
      return [
        name,
        { as, params: { ...slug, ...rest, ...(name.includes('/entities') && entities), ...params[name] }, ...(body && { body }) },
      ]
    }),
  )
}
