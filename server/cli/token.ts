import { z } from 'zod'
import { CellScopes, Email, Moment, Name, type Role } from '#contract/common'
import { DomainError } from '#domain/errors'
import { issuePersonalToken, issueProjectToken } from '#domain/tokens/issued'
import { command, type Work } from './command.ts'
import { getOrganization, getPerson, getProject } from './find.ts'
import { roleOption } from './options.ts'
import { UsageError } from './usage-error.ts'

const ProjectPath = z
  .string()
  .regex(/^[^/\s]+\/[^/\s]+$/, 'must be ORG/PROJECT')
  .transform((path) => path.split('/') as [string, string])
const Later = Moment.refine((time) => Date.parse(time) > Date.now(), 'must lie in the future')
const Cells = z
  .string()
  .transform((names) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  )
  .pipe(CellScopes.unwrap())

type Rights = { name: string; expires: string | undefined }

/** Acts as its user, in one organization or in all of the user's organizations. */
const personal =
  (email: string, slug: string | undefined, { name, expires }: Rights): Work =>
  async (db, { print, say }) => {
    const person = await getPerson(db, email)
    const organization = slug === undefined ? null : await getOrganization(db, slug, person.id)
    if (organization && !organization.role)
      throw new DomainError('user_not_found', `${person.email} does not belong to ${organization.slug}`)
    const { token } = await issuePersonalToken(db, person, organization, { name, expiresAt: expires })
    say(
      `A token of ${person.email} for ${organization ? organization.slug : 'every organisation that he belongs to'}, shown this once:`,
    )
    print(token)
  }

type ProjectRights = Rights & { role: Role | undefined; env: string | undefined; cells: string[] | null | undefined }

const ofProject =
  (path: [string, string], { name, role = 'member', env, cells, expires }: ProjectRights): Work =>
  async (db, { print, say }) => {
    const project = await getProject(db, path)
    const { token } = await issueProjectToken(db, project, { name, role, envName: env, cellScopes: cells, expiresAt: expires })
    say(`A token with the role ${role} in ${project.org.slug}/${project.slug}, shown this once:`)
    print(token)
  }

export const tokenCreate = command({
  name: 'token create',
  summary: 'Make a token, a user’s or a project’s',
  forms: [
    '--user EMAIL [--org ORG] [--name NAME] [--expires TIME]',
    '--project ORG/PROJECT [--role ROLE] [--name NAME] [--env ENV] [--cells A,B] [--expires TIME]',
  ],
  notes: 'Prints the token alone on stdout, so that TOKEN=$(npx bulkhead token create …) holds it. Only its hash is kept.',
  options: {
    user: { value: 'EMAIL', about: 'A personal token of this user: may what he may.', shape: Email.optional() },
    org: { value: 'ORG', about: 'Only in this organisation; everywhere when left out.', shape: z.string().optional() },
    project: { value: 'ORG/PROJECT', about: 'A token of this project.', shape: ProjectPath.optional() },
    role: { ...roleOption, shape: roleOption.shape.optional() },
    env: { value: 'ENV', about: 'Only in this environment.', shape: z.string().optional() },
    cells: { value: 'A,B', about: 'Only in these cells.', shape: Cells.optional() },
    name: { value: 'NAME', about: 'By which people tell it apart.', shape: Name.default('Made on the command line') },
    expires: { value: 'TIME', about: 'When it ends: RFC 3339, 2027-01-31T00:00:00Z.', shape: Later.optional() },
  },
  prepare({ user, org, project, role, env, cells, name, expires }) {
    if ((user === undefined) === (project === undefined)) throw new UsageError('give either --user or --project')
    if (user !== undefined) {
      const stray = Object.entries({ role, env, cells }).find(([, value]) => value !== undefined)?.[0]
      if (stray) throw new UsageError(`--${stray} goes with --project; a personal token may what its user may`)
      return personal(user, org, { name, expires })
    }
    if (org !== undefined) throw new UsageError('--org goes with --user; --project names its organisation itself')
    return ofProject(project!, { name, role, env, cells, expires })
  },
})
