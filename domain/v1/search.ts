import type { Found, V1SearchQuery } from '#contract/v1/search'
import * as rows from '#db/queries/v1/search'
import type { ProjectContext } from '../context.ts'
import { isId } from '../ids.ts'
import { type Page, nameCursor, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { reading } from '../writing.ts'
import { canSeeNothing } from './registered.ts'

/** Rows that one query reads: they are short, and each query sorts all matches. */
const BATCH = 10_000

type Search = (context: ProjectContext, sought: rows.Sought) => Promise<rows.SearchRow[]>

const registered =
  (table: 'agents' | 'core_instances'): Search =>
  async (context, sought) => {
    assertCan(context, 'data:read')
    return canSeeNothing(context) ? [] : rows.searchRegistered(context.db, reading(context), table, context.grant.envId, sought)
  }

/** The kinds that this server has; a search for another kind finds nothing. */
const searches: Partial<Record<V1SearchQuery['resource'], Search>> = {
  agent: registered('agents'),
  core_instance: registered('core_instances'),
  environment: ({ db, project, grant }, sought) => rows.searchEnvironments(db, project.id, grant.envId, sought),
  member: ({ db, project }, sought) => rows.searchMembers(db, project.id, sought),
}

/**
 * One batch of the matches, by name. The name or id itself wins over names that contain it: a client that looks up what it was
 * told to change takes two matches for an ambiguous name.
 */
export async function searchV1(
  context: ProjectContext,
  { resource, term, exact }: V1SearchQuery,
  cursor: string | undefined,
): Promise<Page<Found>> {
  assertCan(context, 'project:read')
  const after = nameCursor(cursor)
  const search: Search = searches[resource] ?? (async () => [])
  const page = (found: rows.SearchRow[]) =>
    toPage(
      found,
      BATCH,
      (row) => [row.name, row.id],
      ({ id, name }) => ({ id, name }),
    )
  const sought = (of: Partial<rows.Sought>): rows.Sought => ({ exact: undefined, part: undefined, after, limit: BATCH, ...of })
  if (!term) return page(await search(context, sought({})))
  const itself = await search(context, sought({ exact: { name: term, id: isId(term) ? term : null } }))
  if (exact || itself.length > 0) return page(itself)
  // A batch of names that contain the term has no successor that is the term itself, unless it was made meanwhile.
  return page(await search(context, sought({ part: term })))
}
