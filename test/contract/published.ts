import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Client, Who } from '../support/http/client.ts'
import { requestOf } from '../support/http/examples.ts'
import { seedOperations, seedSchemas } from './seed.ts'

export type Target = { send: Client; db: Database; stop(): Promise<unknown> }

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
addFormats.default(ajv)
for (const [name, schema] of Object.entries(seedSchemas)) ajv.addSchema(schema, name)

type Try = { as: (stage: Stage) => Who; params?: Record<string, string>; json?: (stage: Stage) => unknown }

/** Tests by real requests that a server answers the published operations as published. */
export function describePublishedApi(lane: string, start: () => Promise<Target>) {
  let target: Target
  let cast: Cast
  beforeAll(async () => {
    target = await start()
    cast = await createCast(target.db)
  })
  afterAll(() => target.stop())

  const owner = (stage: Stage) => stage.tokens.owner
  const viewer = (stage: Stage) => stage.tokens.viewer
  const orgAdmin = () => cast.people.orgAdmin.token
  const nobody = () => null
  let counter = 0
  const create = () => ({ name: 'A new one', slug: `new-${++counter}` })
  const rename = () => ({ name: 'Renamed', metadata: { tier: 'gold' } })
  const add = () => ({ userId: cast.people.newcomer.id, role: 'viewer', envName: 'staging' })
  const scope = () => ({ cellScopes: ['eu'] })

  /** The caller and request that lead to each published status. */
  const tries: Record<string, Record<number, Try[]>> = {
    'DELETE /{o}/{p}/nuke': {
      200: [{ as: owner }, { as: (stage) => stage.tokens.admin }, { as: orgAdmin }],
      403: [{ as: viewer }, { as: (stage) => stage.tokens.member }, { as: owner, params: { p: 'another' } }],
    },
    'GET /orgs/{orgId}/projects': { 200: [{ as: orgAdmin }, { as: viewer }], 401: [{ as: nobody }] },
    'POST /orgs/{orgId}/projects': {
      201: [
        { as: orgAdmin, json: create },
        { as: () => cast.people.orgOwner.token, json: create },
      ],
      401: [{ as: nobody, json: create }],
      403: [{ as: () => cast.people.orgMember.token, json: create }],
    },
    'GET /orgs/{orgId}/projects/{projectId}': {
      200: [{ as: viewer }],
      401: [{ as: nobody }],
      404: [{ as: owner, params: { projectId: 'nowhere' } }, { as: () => cast.people.orgMember.token }],
    },
    'PUT /orgs/{orgId}/projects/{projectId}': {
      200: [
        { as: owner, json: rename },
        { as: owner, json: () => ({}) },
        { as: owner, json: () => ({ metadata: {} }) },
      ],
      401: [{ as: nobody, json: rename }],
      403: [{ as: () => cast.people.member.token, json: rename }],
      404: [{ as: owner, json: rename, params: { projectId: 'nowhere' } }],
    },
    'DELETE /orgs/{orgId}/projects/{projectId}': {
      200: [{ as: owner }, { as: () => cast.people.admin.token }],
      401: [{ as: nobody }],
      403: [{ as: () => cast.people.member.token }],
      404: [{ as: owner, params: { projectId: 'nowhere' } }],
    },
    'GET /orgs/{orgId}/projects/{projectId}/members': { 200: [{ as: viewer }], 401: [{ as: nobody }] },
    'POST /orgs/{orgId}/projects/{projectId}/members': {
      201: [
        { as: owner, json: add },
        { as: owner, json: () => ({ userId: cast.people.newcomer.id }) },
      ],
      400: [{ as: owner, json: () => ({ ...add(), envName: 'nowhere' }) }],
      401: [{ as: nobody, json: add }],
      403: [{ as: () => cast.people.member.token, json: add }],
    },
    'DELETE /orgs/{orgId}/projects/{projectId}/members/{userId}': {
      200: [{ as: owner }],
      401: [{ as: nobody }],
      403: [{ as: () => cast.people.member.token }],
      404: [{ as: owner, params: { userId: '019aa000-0000-7000-8000-000000000000' } }],
    },
    'PUT /orgs/{orgId}/projects/{projectId}/members/{userId}/cell-scopes': {
      200: [
        { as: owner, json: scope },
        { as: owner, json: () => ({ cellScopes: null }) },
        { as: owner, json: () => ({ cellScopes: [] }) },
      ],
      401: [{ as: nobody, json: scope }],
      403: [{ as: () => cast.people.member.token, json: scope }],
      404: [{ as: owner, json: scope, params: { userId: '019aa000-0000-7000-8000-000000000000' } }],
    },
  }

  const cases = seedOperations.flatMap((operation) =>
    Object.entries(operation.statuses).flatMap(([status, schema]) =>
      (tries[operation.request]?.[Number(status)] ?? [undefined]).map((one, i) => ({
        operation,
        status: Number(status),
        schema,
        one,
        i,
      })),
    ),
  )

  describe(`the published API, through ${lane}`, () => {
    test.for(cases.map((one) => ({ ...one, name: `${one.operation.request}: ${one.status} ${one.schema}, ${one.i + 1}` })))(
      '$name',
      async ({ operation, status, schema, one }) => {
        expect(one, 'a status that nothing here asks for').toBeDefined()
        const byId = await cast.project(`stage-${++counter}`)
        const bySlug = await cast.project(`stage-${++counter}`)
        for (const [stage, org, project] of [
          [byId, cast.world.org.id, byId.id],
          [bySlug, 'acme', bySlug.slug],
        ] as const) {
          const params = { o: org, orgId: org, p: project, projectId: project, userId: cast.people.guest.id, ...one!.params }
          const answer = await target.send<unknown>(one!.as(stage), requestOf(operation.request, params), {
            json: one!.json?.(stage),
          })
          expect(answer.status, answer.text).toBe(status)
          expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
          ajv.validate(schema, answer.body)
          expect(ajv.errors, answer.text).toBeNull()
        }
      },
    )
  })
}
