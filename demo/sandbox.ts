import { CreateCell } from '#contract/catalog/cells'
import { CreateEntityType } from '#contract/catalog/entity-types'
import { AddMember } from '#contract/members/members'
import { CreateToken } from '#contract/tokens/tokens'
import type { ProjectContext } from '#domain/context'
import { createCell } from '#domain/catalog/cells'
import { createEntityType } from '#domain/catalog/entity-types'
import { addMember } from '#domain/members/members'
import { nukeProject, restoreWipe } from '#domain/nuke/nuke'
import { createProject, updateProject } from '#domain/projects/projects'
import { retentionHours } from '#config/settings'
import { createToken } from '#domain/tokens/tokens'
import { type Spec, fillWith } from '#demo/sample/fill'
import { mostly, turn } from '#demo/sample/variety'
import { inDays, type Stage } from './stage.ts'

const slug = 'sandbox'

const experiment = CreateEntityType.parse({
  name: 'experiment',
  displayName: 'Experiment',
  states: ['running', 'paused', 'finished'],
  initialState: 'running',
  properties: [
    { name: 'owner', type: 'string', enum: ['search', 'growth', 'platform'], required: true },
    { name: 'budget', type: 'number', title: 'Budget (€ a month)' },
  ],
})

const cells = [
  { name: 'teams', displayName: 'By team', entityType: 'experiment' },
  ...['search', 'growth', 'platform'].map((name) => ({
    name,
    entityType: 'experiment',
    parentCells: ['teams'],
    membership: { derivedFrom: { property: 'owner' } },
  })),
  { name: 'keep', displayName: 'Don’t clean up', entityType: 'experiment' },
].map((cell) => CreateCell.parse(cell))

const words = ['amber', 'birch', 'cobalt', 'dune', 'ember', 'fjord', 'grove', 'haze', 'iris', 'jade', 'koi', 'larch'] as const

function experiments(count: number): Spec[] {
  return Array.from({ length: count }, (_, i) => ({
    entityType: 'experiment',
    name: `${turn(words, i)}-${Math.floor(i / words.length) + 1}`,
    state: mostly('running', ['paused', 'finished'], i),
    properties: { owner: turn(['search', 'growth', 'platform'], i + Math.floor(i / 3)), budget: 20 + (i % 6) * 12.5 },
    cells: i % 9 === 0 ? ['keep'] : [],
  }))
}

async function fill(context: ProjectContext, count: number): Promise<number> {
  await createEntityType(context, experiment)
  for (const cell of cells) await createCell(context, cell)
  return fillWith(context, 'default', experiments(count))
}

/** The project that was nuked by mistake and restored with undo. */
export async function stageSandbox(stage: Stage): Promise<number> {
  const { idOf, inProject } = stage
  await createProject(await stage.inOrganization('tomas'), { name: 'Sandbox', slug })
  const tomas = await inProject('tomas', slug)
  await updateProject(tomas, { name: 'Sandbox', metadata: { purpose: 'A place to try things. Cleaned up regularly.' } })
  await addMember(tomas, AddMember.parse({ userId: idOf('samuel'), role: 'admin' }))
  await addMember(tomas, AddMember.parse({ userId: idOf('leila'), role: 'member', cellScopes: ['growth'] }))
  await addMember(tomas, { ...AddMember.parse({ userId: idOf('grace'), role: 'viewer' }), expiresAt: inDays(-3) })
  await createToken(tomas, CreateToken.parse({ name: 'nightly-clean-up', role: 'admin' }))

  const entities = await fill(await inProject('samuel', slug), 36)
  const { wipeId } = await nukeProject(await inProject('samuel', slug), { confirm: slug })
  const afresh = await fill(await inProject('samuel', slug), 5)
  if (!wipeId || retentionHours() === 0) return afresh
  await restoreWipe(await inProject('tomas', slug), wipeId)
  return entities
}
