import { afterAll, describe, expect, test } from 'vitest'
import { SummaryQuery } from '#contract/projects/summaries'
import type { Actor } from '../context.ts'
import { addMember } from '../members/members.ts'
import { listProjectSummaries } from './summaries.ts'
import { fill } from '#test/support/world/catalog'
import { createWorld, openWorld } from '#test/support/world/world'

const { db, close } = await openWorld()
afterAll(close)

const ask = () => SummaryQuery.parse({})

describe('listProjectSummaries', () => {
  test('counts members and live rows and gives the caller’s role', async () => {
    const here = await createWorld(db, 'summaries')
    const project = await here.project('full')
    await fill(await here.inside(project))
    const viewer = await here.member(project, { role: 'viewer' })
    const of = async (actor: Actor) => (await listProjectSummaries(await here.at(actor), ask())).items[0]
    expect(await of(here.root)).toMatchObject({ slug: 'full', role: 'owner', members: 2, rows: 14, protected: false })
    expect(await of(viewer)).toMatchObject({ role: 'viewer' })
    expect(await of(await here.person('admin'))).toMatchObject({ role: 'admin' })
  })

  test('counts only what a limited member sees, and gives the role that they can use', async () => {
    const here = await createWorld(db, 'narrow')
    const project = await here.project('full')
    await fill(await here.inside(project))
    const narrow = await here.member(project, { cellScopes: ['germany'] })
    const orgAdmin = await here.person('admin')
    await addMember(await here.inside(project), { userId: orgAdmin.id, role: 'owner', cellScopes: ['germany'] })
    const of = async (actor: Actor) => (await listProjectSummaries(await here.at(actor), ask())).items[0]
    expect(await of(narrow)).toMatchObject({ role: 'member', rows: 1 })
    expect(await of(orgAdmin)).toMatchObject({ role: 'admin', rows: 14 })
  })
})
