import { afterAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { V1AuditLogs } from '#contract/v1/audit-logs'
import type { Membership } from '#contract/v1/common'
import { createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { startLane } from '../support/http/lane.ts'

const lane = await startLane()
const cast = await createCast(lane.db)
afterAll(() => lane.stop())
const { send } = lane
const { people } = cast

describe('a role that is too low', () => {
  test('is named to a member with all four permissions, with a way to become an admin that works', async () => {
    const project = await cast.project('low')
    const at = `/v1/projects/${project.id}`
    const all = { permissions: ['create:*', 'read:*', 'update:*', 'delete:*'] }
    const attempts: [string, object?][] = [
      [`POST ${at}/environments`, { name: 'production' }],
      [`POST ${at}/invite`, { email: 'someone@elsewhere.test', ...all }],
      [`PATCH ${at}`, { name: 'Renamed' }],
      [`GET ${at}/audit_logs`],
      [`GET ${at}/tokens`],
      [`POST ${at}/tokens`, { name: 'more', ...all }],
    ]
    const tried = (who: Who) => Promise.all(attempts.map(([request, json]) => send<{ error: string }>(who, request, { json })))
    const { body: members } = await send<Membership[]>(people.owner.token, `GET ${at}/members`)
    const { id } = members.find(({ userID }) => userID === people.member.id)!
    expect((await send(people.owner.token, `PATCH /v1/members/${id}`, { json: all })).status).toBe(204)
    for (const { status, body } of await tried(people.member.token)) {
      expect(status).toBe(403)
      expect(body).toEqual({
        error: expect.stringMatching(/^permission denied: this needs the role admin, .*PATCH \/orgs\/\{orgId\}/),
      })
    }
    const promote = `PATCH /orgs/acme/projects/${project.id}/members/${people.member.id}`
    expect((await send(people.owner.token, promote, { json: { role: 'admin' } })).status).toBe(200)
    const statuses = (await tried(people.member.token)).map(({ status }) => status)
    expect(statuses).toEqual([201, 204, 204, 200, 200, 201])
  })

  test('is not what a token, a limited member or a verb is refused for', async () => {
    const project = await cast.project('narrow')
    const create = (who: Who) =>
      send<{ error: string }>(who, `POST /v1/projects/${project.id}/environments`, { json: { name: 'x' } })
    for (const who of [
      { 'x-project-token': project.tokens.member },
      { 'x-project-token': project.tokens.readOnly },
      people.envAdmin.token,
      people.cellAdmin.token,
    ])
      expect((await create(who)).body).toEqual({ error: 'permission denied' })
  })
})

test('audit logs are filtered by components as the specification and as its client write it', async () => {
  const project = await cast.project('audited')
  const at = `/v1/projects/${project.id}`
  const made = (name: string) => send<{ id: string }>(people.owner.token, `POST ${at}/environments`, { json: { name } })
  const [one] = [await made('one'), await made('two')]
  const logs = (query: string) =>
    send<z.infer<typeof V1AuditLogs> & { error?: string }>(people.owner.token, `GET ${at}/audit_logs?${query}`)
  const whole = (await logs('')).body.items
  for (const name of ['components', 'component']) {
    const { items } = (await logs(`${name}[environment]=${one.body.id}`)).body
    expect(items).toEqual([
      expect.objectContaining({ action: 'CREATE', components: { project: project.id, environment: one.body.id } }),
    ])
    expect((await logs(`${name}[environment]=${project.id}`)).body.items).toEqual([])
    expect((await logs(`${name}[project]=${project.id}&${name}[environment]=${one.body.id}`)).body.items).toEqual(items)
    expect((await logs(`${name}=`)).body.items).toEqual(whole)
    expect((await logs(`${name}[a%00]=x`)).status).toBe(422)
  }
})

test('audit logs are filtered by action, and by who acted', async () => {
  const project = await cast.project('acted')
  const at = `/v1/projects/${project.id}`
  const { id } = (await send<{ id: string }>(people.owner.token, `POST ${at}/environments`, { json: { name: 'one' } })).body
  await send(people.admin.token, `PATCH /v1/environments/${id}`, { json: { name: 'two' } })
  await send(people.admin.token, `DELETE /v1/environments/${id}`)
  const logs = async (query: string) =>
    (await send<z.infer<typeof V1AuditLogs>>(people.owner.token, `GET ${at}/audit_logs?${query}`)).body.items
  const whole = await logs('')
  for (const action of ['CREATE', 'UPDATE', 'DELETE']) {
    const items = await logs(`action=${action}`)
    expect(items).toEqual(whole.filter((item) => item.action === action))
    expect(items.length).toBeGreaterThan(0)
  }
  const byAdmin = whole.filter(({ identity }) => identity['id'] === people.admin.id)
  expect(byAdmin).toHaveLength(2)
  expect(await logs(`identity[id]=${people.admin.id}`)).toEqual(byAdmin)
  expect(await logs(`identity[kind]=user&identity[name]=${people.admin.email}`)).toEqual(byAdmin)
  for (const none of ['kind]=nobody', 'kind]=project_token', `id]=${people.admin.id.toUpperCase()}`, 'id]=x', 'other]=x'])
    expect(await logs(`identity[${none}`), none).toEqual([])
  expect(await logs(`identity[id]=${people.admin.id}&action=DELETE`)).toEqual(byAdmin.slice(0, 1))
})

describe('SAML mappings', () => {
  test('are not implemented, and each operation says so', async () => {
    const project = await cast.project('saml')
    for (const request of [
      `GET /v1/projects/${project.id}/saml_mappings`,
      `POST /v1/projects/${project.id}/saml_mappings`,
      `PATCH /v1/saml_mappings/${project.id}`,
      `DELETE /v1/saml_mappings/${project.id}`,
    ]) {
      for (const who of [people.viewer.token, { 'x-project-token': project.tokens.admin }]) {
        const { status, body, headers } = await send<object>(who, request)
        expect([request, status, body]).toEqual([
          request,
          501,
          { error: expect.stringMatching(/^SAML mappings are not implemented\. /) },
        ])
        expect(headers.get('content-type')).toBe('application/json')
      }
      expect((await send(null, request)).status).toBe(401)
    }
    expect((await send(people.viewer.token, `PUT /v1/saml_mappings/${project.id}`)).status).toBe(405)
  })

  test('are in the OpenAPI document, with 501 as their only answer of their own', async () => {
    type Document = { paths: Record<string, Record<string, { responses: Record<string, unknown> }>> }
    const { body } = await send<Document>(null, 'GET /v1/openapi.json')
    const { responses } = body.paths['/v1/saml_mappings/{id}']!['patch']!
    expect(Object.keys(responses).filter((status) => Number(status) < 400 || Number(status) > 500)).toEqual(['501', '503'])
  })
})
