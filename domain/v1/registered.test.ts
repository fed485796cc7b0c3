import { afterAll, describe, expect, test } from 'vitest'
import { countWaiting } from '#test/support/database/database'
import { V1AgentsQuery, V1RegisterAgent, V1UpdateAgent } from '#contract/v1/agents'
import { V1CreateCoreInstance, V1UpdateCoreInstance } from '#contract/v1/core-instances'
import { RegisteredQuery } from '#contract/v1/registered'
import { sumRowCounts } from '#db/queries/project-rows'
import { findAgentOfToken } from '#db/queries/v1/agents'
import { findCoreInstanceOfToken } from '#db/queries/v1/core-instances'
import { countRows, dumpData } from '#test/support/database/dump'
import type { ProjectContext } from '../context.ts'
import { createEnvironment } from '../projects/environments.ts'
import { nukeProject, restoreWipe } from '../nuke/nuke.ts'
import { createWorld, openWorld, refused } from '#test/support/world/world'
import { reading } from '../writing.ts'
import { updateAgent } from './agent-changes.ts'
import { deleteAgent, deleteAgents, getAgent, listAgents, registerAgent } from './agents.ts'
import * as core from './core-instances.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

let n = 0
const machine = (machineID: string, more: object = {}) =>
  V1RegisterAgent.parse({
    name: machineID,
    machineID,
    type: 'fluentbit',
    version: '1.8.6',
    edition: 'community',
    flags: ['--secret=flag'],
    rawConfig: 'secret config',
    metadata: { secret: 'metadata' },
    ...more,
  })
const named = (name: string, more: object = {}) => V1CreateCoreInstance.parse({ name, metadata: { secret: 'metadata' }, ...more })
const renamed = V1UpdateAgent.parse({ name: 'renamed' })

/** A project with an agent and a core instance in each of its environments, `default` and `staging`. */
async function populated() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  const staging = await createEnvironment(context, { name: 'staging' })
  const environmentID = staging.id
  const agents = [
    await registerAgent(context, machine('here')),
    await registerAgent(context, machine('there', { environmentID })),
  ] as const
  const instances = [
    await core.createCoreInstance(context, named('here')),
    await core.createCoreInstance(context, named('there', { environmentID })),
  ] as const
  const narrow = async (rights: Parameters<typeof world.member>[1]) => world.inside(project, await world.member(project, rights))
  return { project, context, staging, agents, instances, narrow }
}
const agentsOf = async (context: ProjectContext, query = {}) =>
  (await listAgents(context, V1AgentsQuery.parse(query))).items.map(({ name }) => name)
const instancesOf = async (context: ProjectContext, query = {}) => {
  const parsed = RegisteredQuery.parse(query)
  const { items } = await core.listCoreInstances(context, parsed)
  const count = await core.countCoreInstances(context, parsed)
  expect(items).toHaveLength(count)
  return items.map(({ name }) => name)
}
const events = (projectId: string) =>
  world.db.selectFrom('audit_events').selectAll().where('project_id', '=', projectId).orderBy('id').execute()

describe('an actor limited to an environment', () => {
  test('sees only its agents and core instances', async () => {
    const { staging, agents, instances, narrow } = await populated()
    const context = await narrow({ envName: 'staging' })
    expect(await agentsOf(context)).toEqual(['there'])
    expect(await instancesOf(context)).toEqual(['there'])
    expect(await agentsOf(context, { environment_id: staging.id })).toEqual(['there'])
    expect((await getAgent(context, agents[1].id)).name).toBe('there')
    expect(await refused(getAgent(context, agents[0].id))).toBe('agent_not_found')
    expect(await refused(core.getCoreInstance(context, instances[0].id))).toBe('core_instance_not_found')
  })

  test('writes only those, and into no other environment', async () => {
    const { project, context: whole, staging, agents, instances, narrow } = await populated()
    const context = await narrow({ envName: 'staging' })
    const environmentID = staging.id
    await registerAgent(context, machine('new', { environmentID }))
    await updateAgent(context, agents[1].id, renamed)
    await core.pingCoreInstance(context, instances[1].id)
    const before = await dumpData(world.db, project.id)
    for (const call of [
      () => registerAgent(context, machine('x')),
      () => registerAgent(context, machine('here')),
      () => updateAgent(context, agents[0].id, renamed),
      () => deleteAgent(context, agents[0].id),
      () => deleteAgents(context, [agents[1].id, agents[0].id]),
      () => core.createCoreInstance(context, named('x')),
      () => core.updateCoreInstance(context, instances[0].id, V1UpdateCoreInstance.parse({ name: 'x' })),
      () => core.pingCoreInstance(context, instances[0].id),
      () => core.deleteCoreInstance(context, instances[0].id),
      () => core.deleteCoreInstances(context, [instances[1].id, instances[0].id]),
    ])
      expect(await refused(call())).toBe('out_of_scope')
    expect(await refused(registerAgent(context, machine('here', { environmentID })))).toBe('machine_id_conflict')
    expect(await dumpData(world.db, project.id)).toEqual(before)
    const home = (await world.db.selectFrom('environments').select('id').where('project_id', '=', project.id).execute()).find(
      ({ id }) => id !== staging.id,
    )!
    const away = V1UpdateCoreInstance.parse({ environmentID: home.id })
    expect(await refused(core.updateCoreInstance(context, instances[1].id, away))).toBe('out_of_scope')
    await deleteAgents(context, [agents[1].id])
    expect(await agentsOf(whole)).toEqual(['new', 'here'])
  })
})

describe('an actor limited to cells', () => {
  test.for([[[]], [['eu']]])('%j sees none and writes none: they are in no cell', async ([cellScopes]) => {
    const { project, agents, instances, narrow } = await populated()
    const context = await narrow({ cellScopes: cellScopes! })
    expect(await agentsOf(context)).toEqual([])
    expect(await instancesOf(context)).toEqual([])
    expect(await refused(getAgent(context, agents[0].id))).toBe('agent_not_found')
    expect(await refused(core.getCoreInstance(context, instances[0].id))).toBe('core_instance_not_found')
    const before = await dumpData(world.db, project.id)
    for (const call of [
      () => registerAgent(context, machine('x')),
      () => updateAgent(context, agents[0].id, renamed),
      () => deleteAgents(context, [agents[0].id]),
      () => core.createCoreInstance(context, named('x')),
      () => core.pingCoreInstance(context, instances[0].id),
      () => core.deleteCoreInstances(context, [instances[0].id]),
    ])
      expect(await refused(call())).toBe('out_of_scope')
    expect(await dumpData(world.db, project.id)).toEqual(before)
  })
})

test('a viewer reads, and a missing verb refuses', async () => {
  const { project, agents, narrow } = await populated()
  const viewer = await narrow({ role: 'viewer' })
  expect(await agentsOf(viewer)).toEqual(['there', 'here'])
  expect(await refused(deleteAgent(viewer, agents[0].id))).toBe('forbidden')
  const context = await world.inside(project, world.root, { verb: 'delete' })
  const reader = { ...context, grant: { ...context.grant, verbs: ['read:*' as const] } }
  expect(await refused(deleteAgent(reader, agents[0].id))).toBe('verb_not_granted')
})

test('another tenant’s ids find nothing', async () => {
  const { project, agents, instances } = await populated()
  const context = await other.inside(await other.project(`p${++n}`))
  expect(await refused(getAgent(context, agents[0].id))).toBe('agent_not_found')
  expect(await refused(updateAgent(context, agents[0].id, renamed))).toBe('agent_not_found')
  expect(await refused(deleteAgent(context, agents[0].id))).toBe('agent_not_found')
  expect(await refused(core.pingCoreInstance(context, instances[0].id))).toBe('core_instance_not_found')
  expect(await refused(core.deleteCoreInstance(context, instances[0].id))).toBe('core_instance_not_found')
  await deleteAgents(context, [agents[0].id])
  await core.deleteCoreInstances(context, [instances[0].id])
  expect(await agentsOf(await world.inside(project))).toEqual(['there', 'here'])
  expect(await findAgentOfToken(world.db, context.project.id, agents[0].id)).toBeUndefined()
})

test('a nuke removes them and ends their tokens, and an undo restores the same', async () => {
  const { project, context, agents, instances } = await populated()
  const shown = await listAgents(context, V1AgentsQuery.parse({}))
  const instancesShown = await core.listCoreInstances(context, RegisteredQuery.parse({}))
  const { wipeId, rowCountsDeleted } = await nukeProject(context, { confirm: project.slug })
  expect(rowCountsDeleted).toMatchObject({ agents: 2, core_instances: 2 })
  const after = await world.inside(project)
  expect([await agentsOf(after), await instancesOf(after)]).toEqual([[], []])
  expect(await refused(getAgent(after, agents[0].id))).toBe('agent_not_found')
  expect(await findAgentOfToken(world.db, project.id, agents[0].id)).toBeUndefined()
  expect(await findCoreInstanceOfToken(world.db, project.id, instances[0].id)).toBeUndefined()
  const successor = await registerAgent(after, machine('here'))
  expect(successor.id).not.toBe(agents[0].id)
  await restoreWipe(after, wipeId!)
  const restored = await world.inside(project)
  expect(await listAgents(restored, V1AgentsQuery.parse({}))).toEqual(shown)
  expect(await core.listCoreInstances(restored, RegisteredQuery.parse({}))).toEqual(instancesShown)
  expect(await findAgentOfToken(world.db, project.id, agents[0].id)).toMatchObject({ id: agents[0].id })
  expect(await findAgentOfToken(world.db, project.id, successor.id)).toBeUndefined()
})

describe('while another transaction holds the same row', () => {
  /** The answers of both calls, when the second starts after the first has written and before it commits. */
  async function atOnce<T>(first: (db: ProjectContext['db']) => Promise<T>, second: () => Promise<T>) {
    const answers: { second?: Promise<PromiseSettledResult<T>[]> } = {}
    const one = await world.db.transaction().execute(async (trx) => {
      const answer = await first(trx)
      answers.second = Promise.allSettled([second()])
      while ((await countWaiting(world.db)) === 0) {}
      return answer
    })
    return [one, (await answers.second!)[0]!] as const
  }

  test('a machine ends up with one agent', async () => {
    const { context } = await populated()
    const [one, other] = await atOnce(
      (db) => registerAgent({ ...context, db }, machine('m')),
      () => registerAgent(context, machine('m', { name: 'second' })),
    )
    expect(other).toMatchObject({ status: 'fulfilled', value: { id: one.id, name: 'second' } })
    expect(await agentsOf(context)).toEqual(['second', 'there', 'here'])
    expect(await sumRowCounts(world.db, reading(context))).toMatchObject({ agents: 3 })
  })

  test('a name is taken, by a new core instance or a renamed one', async () => {
    const { context, instances } = await populated()
    const [, made] = await atOnce(
      (db) => core.createCoreInstance({ ...context, db }, named('x')),
      () => core.createCoreInstance(context, named('x')),
    )
    expect(made).toMatchObject({ status: 'rejected', reason: { code: 'core_instance_exists' } })
    const rename = (db: ProjectContext['db'], id: string) =>
      core.updateCoreInstance({ ...context, db }, id, V1UpdateCoreInstance.parse({ name: 'y' }))
    const third = await core.createCoreInstance(context, named('z'))
    const [, late] = await atOnce(
      (db) => rename(db, instances[0].id),
      () => rename(world.db, third.id),
    )
    expect(late).toMatchObject({ status: 'rejected', reason: { code: 'core_instance_exists' } })
    expect(await instancesOf(context)).toEqual(['z', 'x', 'there', 'y'])
  })
})

test('counts stay exact', async () => {
  const { context, agents, instances } = await populated()
  await registerAgent(context, machine('here', { version: '2.0.0' }))
  await registerAgent(context, machine('third'))
  await deleteAgents(context, [agents[0].id, agents[1].id])
  await core.deleteCoreInstance(context, instances[0].id)
  const sums = await sumRowCounts(world.db, reading(context))
  expect(sums).toMatchObject({ agents: 1, core_instances: 1 })
  expect(sums).toEqual(await countRows(world.db, reading(context)))
})

test('each change writes one event without secrets, and an unchanged row writes none', async () => {
  const { project, context, agents, instances } = await populated()
  const known = (await events(project.id)).length
  await registerAgent(context, machine('here'))
  await updateAgent(context, agents[0].id, V1UpdateAgent.parse({ name: 'here' }))
  await core.pingCoreInstance(context, instances[0].id)
  await deleteAgents(context, [project.id])
  expect(await events(project.id)).toHaveLength(known)
  await registerAgent(context, machine('here', { rawConfig: 'another secret' }))
  await updateAgent(context, agents[0].id, renamed)
  await core.updateCoreInstance(context, instances[0].id, V1UpdateCoreInstance.parse({ metadata: { secret: 'other' } }))
  await deleteAgent(context, agents[0].id)
  await deleteAgents(context, [agents[1].id])
  await core.deleteCoreInstance(context, instances[0].id)
  await core.deleteCoreInstances(context, [instances[1].id])
  const all = await events(project.id)
  expect(all.slice(known).map(({ action }) => action)).toEqual([
    'agent.registered',
    'agent.updated',
    'core-instance.updated',
    'agent.deleted',
    'agents.deleted',
    'core-instance.deleted',
    'core-instances.deleted',
  ])
  expect(all[known]!.after).toMatchObject({ changed: ['raw_config'] })
  const text = JSON.stringify(all)
  for (const secret of ['secret', ...agents.map(({ token }) => token), ...instances.map(({ token }) => token)])
    expect(text).not.toContain(secret)
})
