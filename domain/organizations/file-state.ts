import type { Role, VerbGrant } from '#contract/common'
import { type FileMember, type FileProject, type OrganizationFile, fileLimits } from '#contract/organizations/file'
import type { Database, Trx } from '#db/client'
import { listMembers } from '#db/queries/members/members'
import { listInvitations, listProjectsOfInvitations } from '#db/queries/organizations/invitations'
import { listOrganizationMembers } from '#db/queries/organizations/members'
import { findOrganization } from '#db/queries/organizations/organizations'
import { listEnvironments } from '#db/queries/projects/environments'
import { listProjects } from '#db/queries/projects/projects'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'

type Person = { email: string; role: Role }
type Named = { id: string; slug: string }
export type StateProject = Required<FileProject>

/** An organization as a file would hold it; members who are only invited are apart. */
export type State = {
  settings: Required<NonNullable<OrganizationFile['settings']>>
  people: (Person & { userId: string })[]
  projects: (StateProject & { id: string; userIds: Map<string, string> })[]
  invited: (Person & { projects: (FileMember & { slug: string })[] })[]
}

const tooLarge = (most: number, what: string) =>
  new DomainError('file_too_large', `A file holds at most ${most.toLocaleString('en')} ${what}, and there are more here`)

/** The rows, unless they are more than a file holds. */
export function atMost<Row>(rows: Row[], most: number, what: string): Row[] {
  if (rows.length > most) throw tooLarge(most, what)
  return rows
}

export const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byEmail = (a: { email: string }, b: { email: string }) => inOrder(a.email, b.email)

const everyone = { q: undefined, role: undefined, after: undefined }

/** Every live project; a file that names only some of them still tells new ones from old ones. */
export async function projectsOf(db: Database | Trx, orgId: string) {
  const page = { q: undefined, by: 'id', descending: false, after: undefined, limit: fileLimits.projects } as const
  return atMost(await listProjects(db, orgId, { all: true }, page), fileLimits.projects, 'projects')
}

/** With `only`, without the environments and members of projects that are not named. */
export async function readState(db: Database | Trx, { org }: OrgContext, only?: ReadonlySet<string>): Promise<State> {
  const row = (await findOrganization(db, { id: org.id }, null))!
  const people = await listOrganizationMembers(db, org.id, { ...everyone, factor: undefined, limit: fileLimits.people })
  const projects: State['projects'] = []
  for (const project of await projectsOf(db, org.id)) {
    if (only && !only.has(project.slug)) continue
    // oxlint-disable-next-line no-await-in-loop -- one connection reads them all
    projects.push(await readProject(db, org.id, project))
  }
  return {
    settings: { name: row.name, maxTokenLifetimeDays: row.max_token_days, requireNukeReason: row.require_nuke_reason },
    people: atMost(people, fileLimits.people, 'people')
      .map(({ email, role, user_id: userId }) => ({ email, role, userId }))
      .toSorted(byEmail),
    projects: projects.toSorted((a, b) => inOrder(a.slug, b.slug)),
    invited: await readInvited(db, org.id),
  }
}

async function readProject(
  db: Database | Trx,
  orgId: string,
  { id, slug, name, metadata }: Named & { name: string; metadata: unknown },
): Promise<State['projects'][number]> {
  const most = fileLimits.environments
  const environments = await listEnvironments(db, id, { only: null, after: undefined, limit: most })
  const page = { ...everyone, env: undefined, scope: undefined, limit: fileLimits.members + fileLimits.people }
  const own = (await listMembers(db, orgId, id, page)).filter(({ source }) => source === 'project')
  const members = atMost(own, fileLimits.members, 'members of a project')
  return {
    id,
    slug,
    name,
    metadata: metadata as StateProject['metadata'],
    environments: atMost(environments, most, 'environments of a project')
      .map((one) => one.name)
      .toSorted(inOrder),
    members: members.map(memberOf).toSorted(byEmail),
    userIds: new Map(members.map(({ email, user_id }) => [email, user_id])),
  }
}

type MemberRow = Pick<FileMember, 'email' | 'role'> & {
  env_name: string | null
  cell_scopes: string[] | null
  verbs?: string[]
  expires_at: string | null
}

const memberOf = ({ email, role, env_name, cell_scopes, verbs = [], expires_at }: MemberRow): FileMember => ({
  email,
  role,
  environment: env_name,
  cells: cell_scopes && cell_scopes.toSorted(inOrder),
  permissions: (verbs as VerbGrant[]).toSorted(inOrder),
  expiresAt: expires_at,
})

/** By address; several invitations to one address count as one, the newest before the others. */
async function readInvited(db: Database | Trx, orgId: string): Promise<State['invited']> {
  const page = { state: 'pending', after: undefined, limit: fileLimits.people } as const
  const rows = atMost(await listInvitations(db, orgId, page), fileLimits.people, 'invitations').filter(
    (row) => row.to_organization,
  )
  const projects = await listProjectsOfInvitations(
    db,
    orgId,
    rows.map(({ id }) => id),
  )
  const invited = new Map<string, State['invited'][number]>()
  for (const { id, email, role } of rows.toReversed()) {
    const known = invited.get(email) ?? { email, role, projects: [] }
    const promised = projects.filter((one) => one.invitation_id === id && !known.projects.some(({ slug }) => slug === one.slug))
    known.projects.push(...promised.map((one) => ({ ...memberOf({ ...one, email }), slug: one.slug })))
    invited.set(email, known)
  }
  return [...invited.values()].toSorted(byEmail)
}

/** The file of a state. People who are only invited are marked. */
export function fileOf({ settings, people, projects, invited }: State): OrganizationFile {
  const pending = true as const
  return {
    version: 1,
    settings,
    people: [
      ...people.map(({ email, role }) => ({ email, role })),
      ...invited.map(({ email, role }) => ({ email, role, pending })),
    ].toSorted(byEmail),
    projects: projects.map(({ slug, name, metadata, environments, members }) => ({
      slug,
      name,
      metadata,
      environments,
      members: [
        ...members,
        ...invited.flatMap((person) =>
          person.projects.flatMap(({ slug: there, ...member }) => (there === slug ? [{ ...member, pending }] : [])),
        ),
      ].toSorted(byEmail),
    })),
  }
}
