import type { ScopePreviewQuery, Stats } from '#contract/projects/stats'
import { CellScopes } from '#contract/common'
import { countMembers } from '#db/queries/members/members'
import { sumRowCounts } from '#db/queries/project-rows'
import * as rows from '#db/queries/projects/stats'
import type { ProjectContext } from '../context.ts'
import { storedScopes } from '../stored-names.ts'
import { environmentIdOf } from './environments.ts'
import { DomainError } from '../errors.ts'
import { assertCan, isScoped } from '../access/permissions.ts'
import { fetchFitting } from '../stretches.ts'
import { reading } from '../writing.ts'

/** The tables' exact counts cover the whole project, so a scoped caller gets only counts of what they see. */
export async function getStats(context: ProjectContext): Promise<Stats> {
  assertCan(context, 'data:read')
  const { db, grant } = context
  const at = reading(context)
  const what = { envId: grant.envId, scope: grant.cellScopes }
  const tables = await sumRowCounts(db, at)
  const environments = await rows.countEntitiesByEnvironment(db, at, what)
  const cells = await fetchFitting(
    (after: rows.NamedCell | undefined, limit) => rows.listCellNames(db, at, after?.name, limit),
    ({ name, display_name, parents }) => ({ name, displayName: display_name, parentCells: parents, entities: 0 }),
  )
  const names = cells.map(({ entry }) => entry.name)
  const counts = await rows.countEntitiesByCell(db, at, what, names)
  const entities = environments.reduce((sum, environment) => sum + environment.entities, 0)
  return {
    tables: isScoped(grant) ? { entity_types: tables.entity_types, cells: tables.cells, entities } : tables,
    environments,
    cells: cells.map(({ entry }) => ({ ...entry, entities: counts.get(entry.name) ?? 0 })),
    omitted: Math.max(tables.cells - cells.length, 0),
    entities,
    members: await countMembers(db, context.org.id, context.project.id),
  }
}

/** How many entities a scope would show, out of how many, before it is saved. */
export async function previewScope(context: ProjectContext, { cells, env }: ScopePreviewQuery) {
  assertCan(context, 'members:manage')
  const envId = await environmentIdOf(context.db, context.project.id, env)
  const at = reading(context)
  const scope = await storedScopes(context.db, at, parseCells(cells))
  const visible = await rows.countEntities(context.db, at, { envId, scope })
  const total = await rows.countEntities(context.db, at, { envId: null, scope: null })
  return { visible, total }
}

function parseCells(cells: string | undefined): string[] | null {
  if (cells === undefined) return null
  try {
    const parsed = CellScopes.safeParse(JSON.parse(cells))
    if (parsed.success) return parsed.data
  } catch {}
  throw new DomainError('invalid_request', 'cells must be a JSON array of cell names', [
    { path: 'cells', message: 'must be a JSON array of cell names' },
  ])
}
