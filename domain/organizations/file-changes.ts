import { isDeepStrictEqual } from 'node:util'
import type { Role } from '#contract/common'
import type { FileChange, FileMember, PlanFile } from '#contract/organizations/file'
import { isAtLeast } from '../access/permissions.ts'
import { DomainError } from '../errors.ts'
import { type State, type StateProject, inOrder } from './file-state.ts'

const bad = (path: string, message: string) => new DomainError('invalid_request', `${path} ${message}`, [{ path, message }])

/** Throws for a file that contradicts itself. */
export function assertSound({ file: { people, projects = [] } }: PlanFile): void {
  const listed = people && new Set(people.map(({ email }) => email))
  assertOnce('file.people', people?.map(({ email }) => email) ?? [])
  assertOnce(
    'file.projects',
    projects.map(({ slug }) => slug),
  )
  for (const [index, { environments = [], members = [], slug }] of projects.entries()) {
    const at = `file.projects.${index}`
    assertOnce(`${at}.environments`, environments)
    assertOnce(
      `${at}.members`,
      members.map(({ email }) => email),
    )
    const stranger = listed && members.find(({ email }) => !listed.has(email))
    if (stranger) throw bad(`${at}.members`, `names ${stranger.email} in ${slug}, who is not among the people of the file`)
  }
}

function assertOnce(path: string, names: string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw bad(path, `names ${name} twice`)
    seen.add(name)
  }
}

function plain(given: FileMember): FileMember {
  const { pending: _, ...member } = given
  const { cells, permissions } = member
  return { ...member, cells: cells && cells.toSorted(inOrder), permissions: permissions.toSorted(inOrder) }
}

/** What would have to change so that the state is what the file says, in the order in which it can be done. */
export function changesOf(state: State, request: PlanFile, self: string): FileChange[] {
  const { file, prune } = request
  const invitations = new Map<string, { role: Role; projects: (FileMember & { slug: string })[] }>()
  const inOrganization = new Set(state.people.map(({ email }) => email))
  const roleOf = new Map(file.people?.map(({ email, role }) => [email, role]))
  const inviting = (email: string) => {
    const was = state.invited.find((one) => one.email === email)
    const role = roleOf.get(email) ?? was?.role ?? 'member'
    const invitation = invitations.get(email) ?? { role, projects: [] }
    invitations.set(email, invitation)
    return invitation
  }
  const changes: FileChange[] = [...settingsChanges(state, request)]
  for (const project of file.projects ?? []) {
    const was = state.projects.find(({ slug }) => slug === project.slug)
    changes.push(...projectChanges(was, project), ...environmentChanges(was, project, prune))
    const members = project.members?.map(plain)
    for (const member of members ?? [])
      if (!inOrganization.has(member.email)) inviting(member.email).projects.push({ ...member, slug: project.slug })
    changes.push(...memberChanges(was?.members ?? [ownerOf(self)], project.slug, members, inOrganization, prune))
  }
  for (const { email, role } of file.people ?? []) {
    const was = state.people.find((person) => person.email === email)
    if (!was) inviting(email)
    else if (was.role !== role)
      changes.push({ action: 'change', kind: 'person', project: null, name: email, before: { role: was.role }, after: { role } })
  }
  if (prune && file.people)
    for (const { email, role } of state.people)
      if (!roleOf.has(email))
        changes.push({ action: 'remove', kind: 'person', project: null, name: email, before: { role }, after: null })
  changes.push(...invitationChanges(state, invitations))
  return changes.toSorted((a, b) => rank(a, self) - rank(b, self))
}

function settingsChanges(state: State, { file: { settings = {} } }: PlanFile): FileChange[] {
  const given = Object.entries(settings).filter(
    ([key, value]) => value !== undefined && value !== state.settings[key as keyof State['settings']],
  )
  if (given.length === 0) return []
  const before = Object.fromEntries(given.map(([key]) => [key, state.settings[key as keyof State['settings']]]))
  const name = state.settings.name
  return [{ action: 'change', kind: 'settings', project: null, name, before, after: Object.fromEntries(given) }]
}

type Project = NonNullable<PlanFile['file']['projects']>[number]

function projectChanges(was: StateProject | undefined, { slug, name, metadata }: Project): FileChange[] {
  const after = { name, ...(metadata !== undefined && { metadata }) }
  if (!was) return [{ action: 'add', kind: 'project', project: slug, name: slug, before: null, after }]
  const before = { name: was.name, ...(metadata !== undefined && { metadata: was.metadata }) }
  return isDeepStrictEqual(before, after) ? [] : [{ action: 'change', kind: 'project', project: slug, name: slug, before, after }]
}

function environmentChanges(was: StateProject | undefined, { slug, environments }: Project, prune: boolean): FileChange[] {
  if (!environments) return []
  const now = was?.environments ?? ['default']
  const of = (action: 'add' | 'remove', name: string): FileChange => {
    const is = { name }
    return {
      action,
      kind: 'environment',
      project: slug,
      name,
      before: action === 'add' ? null : is,
      after: action === 'add' ? is : null,
    }
  }
  const gone = prune ? now.filter((name) => name !== 'default' && !environments.includes(name)) : []
  return [
    ...environments.filter((name) => !now.includes(name)).map((name) => of('add', name)),
    ...gone.map((name) => of('remove', name)),
  ]
}

/** Who creates a project owns it. */
const ownerOf = (email: string): FileMember => ({
  email,
  role: 'owner',
  environment: null,
  cells: null,
  permissions: [],
  expiresAt: null,
})

function memberChanges(
  was: FileMember[],
  project: string,
  members: FileMember[] | undefined,
  inOrganization: ReadonlySet<string>,
  prune: boolean,
): FileChange[] {
  if (!members) return []
  const now = new Map(was.map((member) => [member.email, plain(member)]))
  const changes: FileChange[] = []
  for (const after of members) {
    const before = now.get(after.email)
    if (!inOrganization.has(after.email) || isDeepStrictEqual(before, after)) continue
    changes.push({ action: before ? 'change' : 'add', kind: 'member', project, name: after.email, before: before ?? null, after })
  }
  const named = new Set(members.map(({ email }) => email))
  if (prune)
    for (const [email, before] of now)
      if (!named.has(email)) changes.push({ action: 'remove', kind: 'member', project, name: email, before, after: null })
  return changes
}

function invitationChanges(
  state: State,
  invitations: ReadonlyMap<string, { role: Role; projects: (FileMember & { slug: string })[] }>,
): FileChange[] {
  return [...invitations].flatMap(([email, after]): FileChange[] => {
    const known = state.invited.find((one) => one.email === email)
    const before = known && { role: known.role, projects: known.projects }
    const isPromised =
      before?.role === after.role && after.projects.every((one) => before.projects.some((other) => isDeepStrictEqual(other, one)))
    if (isPromised) return []
    return [{ action: before ? 'change' : 'add', kind: 'invitation', project: null, name: email, before: before ?? null, after }]
  })
}

const roleIn = (value: FileChange['before']) => (value as { role?: Role } | null)?.role ?? 'viewer'

/** What gives comes before what takes, and the caller's own access changes last, so that nobody is locked out in between. */
function rank(change: FileChange, self: string): number {
  const { action, kind, name } = change
  const order = ['settings', 'project', 'environment', 'person', 'member', 'invitation'].indexOf(kind)
  const isTaking = action === 'remove' || (action === 'change' && !isAtLeast(roleIn(change.after), roleIn(change.before)))
  const own = (kind === 'member' || kind === 'person') && name === self ? 0.5 : 0
  if (!isTaking) return order + own
  return { member: 10, person: 11, environment: 12 }[kind as 'member'] + own
}
