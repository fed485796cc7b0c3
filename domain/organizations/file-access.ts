import type { Role, VerbGrant } from '#contract/common'
import { type AccessChange, fileLimits } from '#contract/organizations/file'
import type { Trx } from '#db/client'
import { listMembers } from '#db/queries/members/members'
import { listOrganizationMembers } from '#db/queries/organizations/members'
import { findProject } from '#db/queries/projects/projects'
import { countEntities } from '#db/queries/projects/stats'
import { effectiveGrant } from '../access/permissions.ts'
import type { Grant, OrgContext } from '../context.ts'
import { atMost, inOrder } from './file-state.ts'

type Seen = { project: { id: string; slug: string; generation: number }; email: string; grant: Grant }

/** Who may do what in these projects now, by project and address. */
export async function accessIn(trx: Trx, { org }: OrgContext, slugs: Iterable<string>): Promise<Map<string, Seen>> {
  const everyone = { q: undefined, role: undefined, after: undefined, limit: fileLimits.members + fileLimits.people }
  const people = await listOrganizationMembers(trx, org.id, { ...everyone, factor: undefined })
  const roleOf = new Map(people.map(({ user_id, role }) => [user_id, role]))
  const seen = new Map<string, Seen>()
  for (const slug of slugs) {
    // oxlint-disable-next-line no-await-in-loop -- one connection reads them all
    const project = await findProject(trx, org.id, { slug }, null)
    if (!project) continue
    // oxlint-disable-next-line no-await-in-loop
    const rows = await listMembers(trx, org.id, project.id, { ...everyone, env: undefined, scope: undefined })
    for (const row of atMost(rows, everyone.limit, 'people in a project')) {
      const isLive = row.source === 'project' && (row.expires_at === null || Date.parse(row.expires_at) > Date.now())
      const own = isLive ? membership(row) : undefined
      const grant = effectiveGrant(roleOf.get(row.user_id) ?? null, own)
      if (grant) seen.set(`${slug} ${row.email}`, { project, email: row.email, grant })
    }
  }
  return seen
}

type Row = Awaited<ReturnType<typeof listMembers>>[number]
const membership = (row: Row) => ({
  role: row.role,
  envId: row.env_id,
  cellScopes: row.cell_scopes,
  verbs: row.verbs as VerbGrant[],
  expiresAt: row.expires_at,
})

const reach = ({ role, envId, cellScopes, verbs }: Grant) =>
  JSON.stringify([role, envId, cellScopes?.toSorted(), verbs.toSorted()])

/** What differs, in entities. Both are counted now, as a file changes no entities. */
export async function accessChanges(trx: Trx, before: Map<string, Seen>, after: Map<string, Seen>): Promise<AccessChange[]> {
  const counts = new Map<string, number>()
  const count = async (seen: Seen | undefined): Promise<number> => {
    if (!seen || (seen.grant.verbs.length > 0 && !seen.grant.verbs.includes('read:*'))) return 0
    const { project, grant } = seen
    const key = JSON.stringify([project.id, grant.envId, grant.cellScopes?.toSorted()])
    const at = { projectId: project.id, generation: project.generation }
    const known = counts.get(key) ?? (await countEntities(trx, at, { envId: grant.envId, scope: grant.cellScopes }))
    counts.set(key, known)
    return known
  }
  const changes: AccessChange[] = []
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)]
    if (was && is && reach(was.grant) === reach(is.grant)) continue
    const { project, email } = (is ?? was)!
    const roleOf = (seen: Seen | undefined): Role | null => seen?.grant.role ?? null
    // oxlint-disable-next-line no-await-in-loop -- one connection counts them all
    const [seesNow, willSee] = [await count(was), await count(is)]
    changes.push({
      project: project.slug,
      email,
      before: seesNow,
      after: willSee,
      roleBefore: roleOf(was),
      roleAfter: roleOf(is),
    })
  }
  return changes.toSorted((a, b) => inOrder(a.project, b.project) || inOrder(a.email, b.email))
}
