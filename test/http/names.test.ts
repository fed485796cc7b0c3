import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CatalogName } from '#contract/common'
import { hash } from '@node-rs/argon2'
import { createUser } from '#domain/accounts/users'
import { checkProjects } from '#domain/maintenance/check'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { trySignIn } from '../support/http/sign-in.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

const NFC = 'Zürich'
const NFD = NFC.normalize('NFD')
const UUID = '019aa000-0000-7000-8000-000000000000'
const segment = encodeURIComponent

type Answer = { name: string; error: string; details?: { path: string; message: string }[]; [field: string]: unknown }

const by =
  (stage: Stage, token = stage.tokens.owner) =>
  (request: string, json?: unknown, raw?: string) => {
    const [method, path] = request.split(' ') as [string, string]
    const sent =
      raw === undefined ? (json === undefined ? {} : { json }) : { raw, headers: { 'content-type': 'application/x-ndjson' } }
    return lane.send<Answer>(token, `${method} /acme/${stage.slug}${path}`, sent)
  }

const site = (more: object = {}) => ({ name: 'site', states: ['live'], initialState: 'live', ...more })
const entities = '/envs/default/entities'

async function stageWithSite(slug: string, more: object = {}) {
  const stage = await cast.project(slug)
  const send = by(stage)
  await send('POST /entity-types', site(more))
  return { stage, send }
}

describe('a name that nobody could use', () => {
  const wrong = {
    '.': /^name must not be \. or \.\., which no URL can contain/,
    '..': /^name must not be \. or \.\., which no URL can contain/,
    '\u200b': /^name must not contain invisible characters/,
    '\u3164': /^name must not contain invisible characters/,
    '\u{E0041}': /^name must not contain invisible characters/,
    '\u2800': /^name must contain a visible character/,
    '\u202egnp.exe': /^name must not contain characters that change the direction of text/,
  }

  test('is refused for every resource of the catalog and the data', async () => {
    const { send } = await stageWithSite('unusable')
    const resources: [string, object][] = [
      ['POST /entity-types', site()],
      ['POST /cells', { entityType: 'site' }],
      ['POST /envs/default/secrets', {}],
      ['POST /relationship-types', { from: 'site', to: 'site', states: ['on'] }],
      [`POST ${entities}`, { entityType: 'site' }],
    ]
    for (const [request, body] of resources)
      for (const [name, sentence] of Object.entries(wrong)) {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await send(request, { ...body, name })
        expect([request, answer.status, answer.body.error]).toEqual([request, 400, expect.stringMatching(sentence)])
      }
  })

  test('fails its item of an apply, and its line of an import', async () => {
    const { send } = await stageWithSite('unusable-items')
    const times = { createdAt: '2026-01-01T00:00:00.000000Z', updatedAt: '2026-01-01T00:00:00.000000Z' }
    for (const [name, sentence] of Object.entries(wrong)) {
      const items = [
        { kind: 'Cell', name, entityType: 'site' },
        { kind: 'Entity', name, entityType: 'site' },
      ]
      // oxlint-disable-next-line no-await-in-loop
      const applied = await send('POST /envs/default/apply', { items })
      expect(applied.status).toBe(207)
      for (const failed of applied.body['failed'] as { path: string; error: string }[])
        expect(`${failed.path} ${failed.error}`).toMatch(sentence)
      // oxlint-disable-next-line no-await-in-loop
      const imported = await by(await cast.project(`unusable-${Object.keys(wrong).indexOf(name)}`))(
        'POST /import',
        undefined,
        JSON.stringify({ kind: 'Secret', name, description: '', ...times }),
      )
      expect([imported.status, imported.body.error.replace('Line 1 can’t be imported: ', '')]).toEqual([
        400,
        expect.stringMatching(sentence),
      ])
    }
  })

  test('is refused for projects, organizations, tokens and people', async () => {
    const stage = await cast.project('unusable-names')
    const requests: [string, string][] = [
      [cast.people.orgOwner.token, `PUT /orgs/acme/projects/${stage.slug}`],
      [cast.people.orgOwner.token, 'PATCH /orgs/acme'],
      [stage.tokens.owner, `POST /orgs/acme/projects/${stage.slug}/tokens`],
    ]
    for (const [token, request] of requests) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await lane.send(token, request, { json: { name: '\u202egnp\u200b' } })
      expect([request, answer.status]).toEqual([request, 400])
    }
    const { status } = await lane.send(cast.people.orgOwner.token, `PUT /v1/projects/${stage.id}`, { json: { name: '\u2060' } })
    expect([400, 404, 405, 422]).toContain(status)
    const renamed = await lane.send<Answer>(cast.people.orgOwner.token, `PUT /orgs/acme/projects/${stage.slug}`, {
      json: { name: `${NFD} 👩🏽‍🚀` },
    })
    expect(renamed.body.name).toBe(`${NFC} 👩🏽‍🚀`)
  })
})

describe('a name composed and decomposed', () => {
  test('is one cell, found by either form', async () => {
    const { send } = await stageWithSite('one-cell')
    expect(await send('POST /cells', { name: NFD, entityType: 'site' })).toMatchObject({ status: 201, body: { name: NFC } })
    for (const name of [NFC, NFD]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await send('POST /cells', { name, entityType: 'site' })).toMatchObject({ status: 409 })
      // oxlint-disable-next-line no-await-in-loop
      expect(await send(`GET /cells/${segment(name)}`)).toMatchObject({ status: 200, body: { name: NFC } })
      // oxlint-disable-next-line no-await-in-loop
      expect(await send(`PUT /cells/${segment(name)}`, { name, entityType: 'site' })).toMatchObject({ status: 200 })
    }
    expect(await send(`DELETE /cells/${segment(NFD)}`)).toMatchObject({ status: 200, body: { name: NFC } })
  })

  test('derives the same members, whose values stay as they were sent', async () => {
    const { stage, send } = await stageWithSite('one-value', { properties: [{ name: 'Größe', type: 'string' }] })
    await send('POST /cells', {
      name: NFC,
      entityType: 'site',
      membership: { derivedFrom: { property: 'Größe'.normalize('NFD') } },
    })
    const made = await send(`POST ${entities}`, {
      entityType: 'site',
      name: 'a',
      properties: { ['Größe'.normalize('NFD')]: NFD },
      labels: { ['Stadtä'.normalize('NFD')]: NFD },
    })
    expect(made).toMatchObject({ status: 201, body: { cells: [NFC], properties: { Größe: NFD }, labels: { Stadtä: NFD } } })
    for (const form of ['NFC', 'NFD']) {
      const of = (text: string) => segment(text.normalize(form))
      for (const query of [`cell=${of(NFC)}`, `label=${of('Stadtä')}:${of(NFC)}`]) {
        // oxlint-disable-next-line no-await-in-loop
        const list = await send(`GET ${entities}?${query}`)
        expect([form, query, (list.body as unknown as Answer[]).map(({ name }) => name)]).toEqual([form, query, ['a']])
      }
      // oxlint-disable-next-line no-await-in-loop
      expect(await send(`GET /cells/${of(NFC)}/members`)).toMatchObject({ body: [{ name: 'a' }] })
    }
    const twice = { Größe: 'a', ['Größe'.normalize('NFD')]: 'b' }
    expect(await send(`POST ${entities}`, { entityType: 'site', name: 'b', properties: twice })).toMatchObject({
      status: 400,
      body: { details: [{ path: 'properties.Größe', message: 'must be given only once' }] },
    })
    expect(await send(`POST ${entities}`, { entityType: 'site', name: 'b', labels: twice })).toMatchObject({
      status: 400,
      body: { details: [{ path: 'labels.Größe', message: 'must be given only once' }] },
    })
    const found: string[] = []
    for await (const { project, problems } of checkProjects(lane.db)) if (project.endsWith(stage.slug)) found.push(...problems)
    expect(found).toEqual([])
  })

  test('is one scope of a member and of a token', async () => {
    const { stage, send } = await stageWithSite('one-scope')
    await send('POST /cells', { name: NFC, entityType: 'site' })
    const { body: entity } = await send(`POST ${entities}`, { entityType: 'site', name: 'a' })
    await send(`PUT /envs/default/cells/${segment(NFD)}/members/${String(entity['id'])}`)
    const token = await lane.send<{ token: string }>(stage.tokens.owner, `POST /orgs/acme/projects/${stage.slug}/tokens`, {
      json: { name: 'scoped', role: 'viewer', cellScopes: [NFD] },
    })
    expect(await by(stage, token.body.token)(`GET ${entities}`)).toMatchObject({ body: [{ name: 'a', cells: [NFC] }] })
    const scopes = `PUT /orgs/acme/projects/${stage.slug}/members/${cast.people.viewer.id}/cell-scopes`
    expect(await lane.send(stage.tokens.owner, scopes, { json: { cellScopes: [NFD] } })).toMatchObject({
      status: 200,
      body: { cellScopes: [NFC] },
    })
    expect(await lane.send(stage.tokens.owner, scopes, { json: { cellScopes: [NFD, NFC] } })).toMatchObject({ status: 400 })
  })

  test('is one entity, by name, in a search, in an apply and at the end of a relationship', async () => {
    const { send } = await stageWithSite('one-entity')
    await send('POST /relationship-types', { name: 'next', from: 'site', to: 'site', states: ['on'] })
    expect(await send(`POST ${entities}`, { entityType: 'site', name: NFD })).toMatchObject({ status: 201, body: { name: NFC } })
    expect(await send(`POST ${entities}`, { entityType: 'site', name: NFC })).toMatchObject({ status: 409 })
    for (const name of [NFC, NFD]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await send(`GET ${entities}/${segment(name)}`)).toMatchObject({ status: 200 })
      // oxlint-disable-next-line no-await-in-loop
      expect(await send(`GET ${entities}?q=${segment(name)}`)).toMatchObject({ body: [{ name: NFC }] })
    }
    const items = [
      { kind: 'Entity', entityType: 'site', name: NFD },
      { kind: 'Relationship', relationshipType: 'next', from: NFD, to: NFC },
    ]
    const { status, body } = await send('POST /envs/default/apply', { items })
    expect([status, body['diff']]).toMatchObject([200, { created: [{ kind: 'Relationship' }], unchanged: [{ name: NFC }] }])
  })

  test('stays two where it was two: each is found as it is stored, and the check lists them', async () => {
    const { stage, send } = await stageWithSite('two')
    for (const name of ['first', NFC]) {
      // oxlint-disable-next-line no-await-in-loop
      await send('POST /cells', { name, entityType: 'site' })
      // oxlint-disable-next-line no-await-in-loop
      await send(`POST ${entities}`, { entityType: 'site', name })
    }
    const here = sql`project_id = ${stage.id} and name = 'first'`
    await sql`update cells set name = ${NFD} where ${here}`.execute(lane.db)
    await sql`update entities set name = ${NFD} where ${here}`.execute(lane.db)
    for (const name of [NFC, NFD])
      for (const path of [`/cells/${segment(name)}`, `${entities}/${segment(name)}`])
        // oxlint-disable-next-line no-await-in-loop
        expect((await send(`GET ${path}`)).body.name).toBe(name)
    const alike: string[] = []
    for await (const one of checkProjects(lane.db)) if (one.project.endsWith('/two')) alike.push(...one.alike)
    expect(alike).toEqual([
      `cell ${NFD} (Zu\\u{308}rich), ${NFC} (Z\\u{fc}rich)`,
      `site ${NFD} (Zu\\u{308}rich), ${NFC} (Z\\u{fc}rich)`,
    ])
    const there = await by(stage)('POST /envs/default/apply', { items: [{ kind: 'Cell', name: NFD, entityType: 'site' }] })
    expect(there.body['diff']).toMatchObject({ created: [], unchanged: [{ name: NFC }] })
    const deletions = [{ kind: 'Cell', name: NFD }]
    expect(await send('POST /envs/default/apply', { items: [], deletions })).toMatchObject({ status: 200 })
    expect((await send('GET /cells')).body).toMatchObject([{ name: NFC }])
    expect(await send(`DELETE ${entities}/${segment(NFC)}`)).toMatchObject({ status: 200 })
    expect((await send(`GET ${entities}/${segment(NFC)}`)).body.name).toBe(NFD)
  })

  test('that is stored in an older form is updated by an apply, not doubled', async () => {
    const { stage, send } = await stageWithSite('older')
    await send('POST /cells', { name: 'first', entityType: 'site' })
    await send(`POST ${entities}`, { entityType: 'site', name: 'first' })
    const here = sql`project_id = ${stage.id}`
    // At once, so that every reference fits at the end of the statement.
    await sql`with types as (update entity_types set name = ${NFD} where ${here}),
      cells as (update cells set name = ${NFD}, entity_type = ${NFD} where ${here})
      update entities set name = ${NFD}, entity_type = ${NFD} where ${here}`.execute(lane.db)
    const items = [
      { kind: 'EntityType', ...site(), name: NFC, displayName: 'Changed' },
      { kind: 'Cell', name: NFC, entityType: NFC, displayName: 'Changed' },
      { kind: 'Entity', name: NFC, entityType: NFC, labels: { changed: 'yes' } },
    ]
    const { status, body } = await send('POST /envs/default/apply', { items })
    expect([status, body['failed'], body['diff']]).toMatchObject([200, [], { created: [] }])
    expect((await send('GET /entity-types')).body).toMatchObject([{ name: NFD, displayName: 'Changed' }])
    expect((await send('GET /cells')).body).toMatchObject([{ name: NFD, displayName: 'Changed' }])
    expect((await send(`GET ${entities}`)).body).toMatchObject([{ name: NFD, labels: { changed: 'yes' } }])
    expect(await send(`POST ${entities}`, { name: NFC, entityType: NFC })).toMatchObject({ status: 409 })
  })
})

describe('an older name, decomposed', () => {
  /** A type and a cell from before names were composed. */
  async function older(slug: string) {
    const { stage, send } = await stageWithSite(slug, { properties: [{ name: NFD, type: 'string' }] })
    await send('POST /cells', { name: 'first', entityType: 'site' })
    const { body: entity } = await send(`POST ${entities}`, { entityType: 'site', name: 'first' })
    await send(`PUT /envs/default/cells/first/members/${String(entity['id'])}`)
    const here = sql`project_id = ${stage.id}`
    await sql`with types as (update entity_types set name = ${NFD},
        properties = jsonb_build_array(jsonb_build_object('name', ${NFD}::text, 'type', 'string', 'required', false)) where ${here}),
      cells as (update cells set name = ${NFD}, entity_type = ${NFD} where ${here}),
      members as (update cell_members set cell = ${NFD} where ${here}),
      effective as (update effective_cell_members set cell = ${NFD} where ${here})
      update entities set entity_type = ${NFD} where ${here}`.execute(lane.db)
    return { stage, send }
  }

  test('is found by the type, the parents and the rule of a cell, and by the ends of a type of relationships', async () => {
    const { send } = await older('older-references')
    const child = {
      entityType: NFC,
      parentCells: [NFC],
      membership: { derivedFrom: { property: NFC, values: ['de'] } },
    }
    const stored = { entityType: NFD, parentCells: [NFD] }
    expect(await send('POST /cells', { name: 'child', ...child })).toMatchObject({ status: 201, body: stored })
    expect(await send('PUT /cells/child', { ...child, displayName: 'Child' })).toMatchObject({ status: 200, body: stored })
    expect(await send(`PUT /cells/${segment(NFC)}`, { entityType: NFC, displayName: 'Old' })).toMatchObject({
      status: 200,
      body: { name: NFD, entityType: NFD },
    })
    const derived = await send(`POST ${entities}`, { name: 'derived', entityType: NFC, properties: { [NFC]: 'de' } })
    expect(derived.body['cells']).toEqual(expect.arrayContaining(['child', NFD]))
    const next = { from: NFC, to: NFC, states: ['on'] }
    expect(await send('POST /relationship-types', { name: 'next', ...next })).toMatchObject({
      status: 201,
      body: { from: NFD, to: NFD },
    })
    expect(await send('PUT /relationship-types/next', { ...next, displayName: 'Next' })).toMatchObject({
      status: 200,
      body: { from: NFD, to: NFD },
    })
  })

  test('is found by the scopes of members, tokens and invitations', async () => {
    const { stage, send } = await older('older-scopes')
    const org = `/orgs/acme/projects/${stage.slug}`
    const as = (request: string, json?: object) =>
      lane.send<Answer>(stage.tokens.owner, request, json === undefined ? {} : { json })
    const cellScopes = [NFC, 'not yet']
    const found = [NFD, 'not yet']
    const token = await as(`POST ${org}/tokens`, { name: 'scoped', role: 'viewer', cellScopes })
    expect(token.body['cellScopes']).toEqual(found)
    expect(await by(stage, String(token.body['token']))(`GET ${entities}`)).toMatchObject({ body: [{ name: 'first' }] })
    const member = `${org}/members/${cast.people.viewer.id}`
    expect((await as(`PUT ${member}/cell-scopes`, { cellScopes })).body['cellScopes']).toEqual(found)
    await as(`DELETE ${member}`)
    const rights = { userId: cast.people.viewer.id, role: 'viewer', cellScopes }
    expect((await as(`POST ${org}/members`, rights)).body['cellScopes']).toEqual(found)
    const change = { action: 'update', projectId: stage.slug, userId: cast.people.viewer.id, cellScopes: [NFC] }
    const changed = await lane.send(cast.people.orgOwner.token, 'POST /orgs/acme/member-changes', { json: { changes: [change] } })
    expect(changed.body).toMatchObject({ outcomes: [{ member: { cellScopes: [NFD] } }] })
    const invited = await lane.send<Answer>(cast.people.orgOwner.token, 'POST /orgs/acme/invitations', {
      json: { invitations: [{ email: 'older@elsewhere.example', projects: [{ slug: stage.slug, role: 'viewer', cellScopes }] }] },
    })
    expect(invited.body).toMatchObject({ results: [{ invitation: { projects: [{ cellScopes: found }] } }] })
    expect(await send(`GET /scope-preview?cells=${segment(JSON.stringify([NFC]))}`)).toMatchObject({ body: { visible: 1 } })
  })

  test('is restored with its revision, whichever form it has now', async () => {
    const { stage, send } = await older('older-revision')
    // An apply of something else keeps the catalog, with the older names, as a revision.
    const applied = await send('POST /envs/default/apply', { items: [{ kind: 'Secret', name: 'extra' }] })
    const revision = `/catalog-revisions/${String(applied.body['revisionId'])}/apply`
    await send('POST /envs/default/apply', { items: [{ kind: 'Cell', name: 'later', entityType: NFC }] })
    const restored = await send(`POST ${revision}`, {})
    expect(restored).toMatchObject({ status: 200, body: { failed: [], diff: { created: [], deleted: [{ name: 'later' }] } } })
    expect((await send('GET /cells')).body).toMatchObject([{ name: NFD }])
    const here = sql`project_id = ${stage.id}`
    await sql`with types as (update entity_types set name = ${NFC} where ${here}),
      cells as (update cells set name = ${NFC}, entity_type = ${NFC} where ${here}),
      members as (update cell_members set cell = ${NFC} where ${here}),
      effective as (update effective_cell_members set cell = ${NFC} where ${here})
      update entities set entity_type = ${NFC} where ${here}`.execute(lane.db)
    expect(await send(`POST ${revision}`, {})).toMatchObject({
      status: 200,
      body: { failed: [], diff: { created: [], deleted: [] } },
    })
    expect((await send('GET /cells')).body).toMatchObject([{ name: NFC }])
  })
})

test('what is named against the rules from before them is read, listed and exported as it is', async () => {
  const { stage, send } = await stageWithSite('against-the-rules', { properties: [{ name: 'p', type: 'string' }] })
  await send('POST /cells', { name: 'c', entityType: 'site', membership: { derivedFrom: { property: 'p' } } })
  await send('POST /relationship-types', { name: 'next', from: 'site', to: 'site', states: ['on'] })
  await send(`POST ${entities}`, { entityType: 'site', name: 'plain', labels: { l: 'v' } })
  const here = sql`project_id = ${stage.id}`
  const property = JSON.stringify([{ name: '\u2060', type: 'string', required: false }])
  await sql`with types as (update entity_types set properties = ${property}::jsonb where ${here}),
    cells as (update cells set name = '.', derived_property = ${'\u2060'} where ${here}),
    members as (update effective_cell_members set cell = '.' where ${here})
    update entities set name = ${UUID}, labels = ${JSON.stringify({ '\u200b': 'v' })}::jsonb where ${here}`.execute(lane.db)
  for (const path of [
    '/entity-types',
    '/entity-types/site',
    '/cells',
    entities,
    `${entities}/${UUID}`,
    '/catalog-revisions',
    '/export',
  ])
    // oxlint-disable-next-line no-await-in-loop
    expect([path, (await send(`GET ${path}`)).status]).toEqual([path, 200])
  expect((await send('GET /export')).text).toContain(`"name":"${UUID}"`)
})

test('an export with names from before is imported once they are changed in the file, which the refusal explains', async () => {
  const { stage, send } = await stageWithSite('older-export')
  await send('POST /cells', { name: 'dots', entityType: 'site' })
  await send(`POST ${entities}`, { entityType: 'site', name: 'plain' })
  const here = sql`project_id = ${stage.id}`
  await sql`with cells as (update cells set name = '..' where ${here}) update entities set name = ${UUID} where ${here}`.execute(
    lane.db,
  )
  const { text } = await send('GET /export')
  expect(text).toContain('".."')
  const into = by(await cast.project('older-import'))
  const first = await into('POST /import', undefined, text)
  expect([first.status, first.body.error]).toEqual([
    400,
    'Line 2 can’t be imported: name must not be . or .., which no URL can contain. In this file, give the Cell ".." another name on every line that names it',
  ])
  const second = await into('POST /import', undefined, text.replace('".."', '"dots"'))
  expect(second.body.error).toBe(
    `Line 3 can’t be imported: name must not look like a UUID, because an entity is also found by its id. In this file, give the Entity "${UUID}" another name on every line that names it`,
  )
  const third = await into('POST /import', undefined, text.replace('".."', '"dots"').replace(`"${UUID}"`, '"plain"'))
  expect([third.status, third.body]).toMatchObject([200, { rows: { Cell: 1, Entity: 1 } }])
})

describe('an entity named like a UUID', () => {
  test('is refused by every way to create one', async () => {
    const { stage, send } = await stageWithSite('uuid')
    const message = 'must not look like a UUID, because an entity is also found by its id'
    expect(await send(`POST ${entities}`, { entityType: 'site', name: UUID.toUpperCase() })).toMatchObject({
      status: 400,
      body: { code: 'invalid_entity', details: [{ path: 'name', message }] },
    })
    const applied = await send('POST /envs/default/apply', { items: [{ kind: 'Entity', entityType: 'site', name: UUID }] })
    expect(applied.body['failed']).toMatchObject([{ path: 'name', error: message }])
    await send(`POST ${entities}`, { entityType: 'site', name: 'plain' })
    const { text } = await by(stage)('GET /export')
    const imported = await by(await cast.project('uuid-import'))('POST /import', undefined, text.replace('"plain"', `"${UUID}"`))
    expect([imported.status, imported.body.error]).toEqual([400, expect.stringContaining(`name ${message}`)])
    expect(await send('POST /cells', { name: UUID, entityType: 'site' })).toMatchObject({ status: 201 })
  })

  test('is found by that name where it exists, after the entity with that id', async () => {
    const { stage, send } = await stageWithSite('uuid-exists')
    await send('POST /relationship-types', { name: 'next', from: 'site', to: 'site', states: ['on'] })
    const { body: first } = await send(`POST ${entities}`, { entityType: 'site', name: 'first' })
    await send(`POST ${entities}`, { entityType: 'site', name: 'second' })
    const rename = (to: string) =>
      sql`update entities set name = ${to} where project_id = ${stage.id} and name <> 'first'`.execute(lane.db)
    await rename(UUID)
    expect(await send(`GET ${entities}/${UUID}`)).toMatchObject({ status: 200, body: { name: UUID } })
    expect(await send(`PUT ${entities}/${UUID}`, { labels: { a: 'b' } })).toMatchObject({ status: 200 })
    const between = { relationshipType: 'next', from: 'first', to: UUID }
    expect(await send('POST /envs/default/relationships', between)).toMatchObject({ status: 201, body: { to: { name: UUID } } })
    const items = [{ kind: 'Relationship', ...between }]
    expect(await send('POST /envs/default/apply', { items })).toMatchObject({ status: 200 })
    expect(await send('POST /envs/default/apply', { items: [{ kind: 'Entity', entityType: 'site', name: UUID }] })).toMatchObject(
      { status: 200, body: { diff: { updated: [{ name: UUID }] } } },
    )
    const id = String(first['id'])
    await rename(id)
    expect(await send(`GET ${entities}/${id}`)).toMatchObject({ status: 200, body: { name: 'first' } })
  })
})

test('every accepted name comes back through the URL, apply, export and import', async () => {
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom(...Array.from('%?#&+\\"\'.:;~ '), 'u\u0308', '👩🏽‍🚀', 'क्‍ष', 'é', '\u212b'),
  )
  const names = fc
    .array(unit, { minLength: 1, maxLength: 8 })
    .map((units) => units.join(''))
    .filter((name) => CatalogName.safeParse(name).success)
  const list = fc.sample(
    fc.uniqueArray(names, { minLength: 60, maxLength: 60, selector: (name) => name.normalize('NFC') }),
    1,
  )[0]!
  const { stage, send } = await stageWithSite('round')
  const items = list.flatMap((name) => [
    { kind: 'Cell', name, entityType: 'site' },
    { kind: 'Secret', name },
    { kind: 'Entity', name, entityType: 'site', labels: { [name]: name } },
  ])
  expect(await send('POST /envs/default/apply', { items })).toMatchObject({ status: 200, body: { failed: [] } })
  expect((await send('POST /envs/default/apply', { items })).body['diff']).toMatchObject({ created: [], updated: [] })
  const there = await cast.project('round-there')
  const { text } = await send('GET /export')
  expect(await by(there)('POST /import', undefined, text)).toMatchObject({ status: 200 })
  for (const stored of list.map((name) => name.normalize('NFC')))
    for (const project of [stage, there])
      for (const path of ['/cells', '/envs/default/secrets', entities]) {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await by(project)(`GET ${path}/${segment(stored)}`)
        expect([path, answer.status, answer.body.name]).toEqual([path, 200, stored])
      }
  const body = (line: string) => line.replaceAll(/"(created|updated)At":"[^"]*"/g, '')
  const again = await by(there)('GET /export')
  expect(again.text.split('\n').map(body)).toEqual(text.split('\n').map(body))
})

test('a person whose address has a domain in another script is found by either form of it', async () => {
  const stage = await cast.project('other-script')
  const { id } = cast.people.viewer
  const { email } = await lane.db.selectFrom('users').select('email').where('id', '=', id).executeTakeFirstOrThrow()
  const rename = (to: string) => lane.db.updateTable('users').set({ email: to }).where('id', '=', id).execute()
  await rename('ada@xn--bcher-kva.example')
  const org = `/orgs/acme/projects/${stage.slug}`
  await lane.send(stage.tokens.owner, `PUT ${org}/members/${id}/cell-scopes`, { json: { cellScopes: [] } })
  for (const q of ['bücher', 'ada@bücher.ex', 'BU\u0308CHER', 'xn--bcher']) {
    for (const list of ['/orgs/acme/members', `${org}/members`, '/orgs/acme/access-review'])
      // oxlint-disable-next-line no-await-in-loop
      expect([list, q, await lane.send(cast.people.orgOwner.token, `GET ${list}?q=${segment(q)}`)]).toMatchObject([
        list,
        q,
        { status: 200, body: expect.arrayContaining([expect.objectContaining({ email: 'ada@xn--bcher-kva.example' })]) },
      ])
  }
  const events = await lane.send(
    stage.tokens.owner,
    `GET /acme/${stage.slug}/audit-events?target=${segment('Ada@Bücher.example')}`,
  )
  expect(events.body).toMatchObject([{ action: 'member.scoped' }])
  await rename(email)
})

describe('a password', () => {
  const password = 'pässwörd-länge-12'
  const typed = { composed: password, decomposed: password.normalize('NFD') }

  test.for(Object.entries(typed))('set %s is the same when it is typed in another form', async ([form, text]) => {
    const email = `${form}@acme.example`
    await createUser(lane.db, { email, name: 'Eve Adams', password: text })
    for (const attempt of Object.values(typed))
      // oxlint-disable-next-line no-await-in-loop
      expect((await trySignIn(lane.origin, new Map(), email, attempt)).status).toBe(201)
    expect((await trySignIn(lane.origin, new Map(), email, 'password-lange-12')).status).toBe(401)
  })

  test('whose older hash is of the text as it was typed still matches that text', async () => {
    const email = 'older@acme.example'
    await createUser(lane.db, { email, name: 'Eve Adams', password })
    const old = typed.decomposed.replaceAll('-', '\u00a0')
    const password_hash = await hash(old, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    await lane.db.updateTable('users').set({ password_hash }).where('email', '=', email).execute()
    expect((await trySignIn(lane.origin, new Map(), email, old)).status).toBe(201)
    expect((await trySignIn(lane.origin, new Map(), email, 'pässwörd länge 13')).status).toBe(401)
  })
})
