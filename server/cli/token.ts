import { z } from 'zod'
import { Name, type Role } from '#contract/common'
import { Email } from '#contract/email'
import { DomainError } from '#domain/errors'
import { issuePersonalToken, issueProjectToken } from '#domain/tokens/issued'
import { command, type Work } from './command.ts'
import { getOrganization, getPerson, getProject } from './find.ts'
import { cellsOption, envOption, expiresOption, roleOption } from './options.ts'
import { UsageError } from './usage-error.ts'

const ProjectPath = z
  .string()
  .regex(/^[^/\s]+\/[^/\s]+$/, 'must be ORG/PROJECT')
  .transform((path) => path.split('/') as [string, string])
type Rights = { name: string; expires: string | undefined }

/** Acts as its user, in one organization or in all of the user's organizations. */
const personal =
  (email: string, slug: string | undefined, { name, expires }: Rights): Work =>
  async (db, { print, say }) => {
    const person = await getPerson(db, email)
    const organization = slug === undefined ? null : await getOrganization(db, slug, person.id)
    if (organization && !organization.role)
      throw new DomainError('user_not_found', `${person.email} is not a member of ${organization.slug}`)
    const { token } = await issuePersonalToken(db, person, organization, { name, expiresAt: expires })
    say(
      `Created a token of ${person.email} for ${organization ? organization.slug : 'all of their organizations'}. It is shown only once:`,
    )
    print(token)
  }

type ProjectRights = Rights & { role: Role | undefined; env: string | undefined; cells: string[] | null | undefined }

const ofProject =
  (path: [string, string], { name, role = 'member', env, cells, expires }: ProjectRights): Work =>
  async (db, { print, say }) => {
    const project = await getProject(db, path)
    const { token } = await issueProjectToken(db, project, { name, role, envName: env, cellScopes: cells, expiresAt: expires })
    say(`Created a token with the role ${role} in ${project.org.slug}/${project.slug}. It is shown only once:`)
    print(token)
  }

export const tokenCreate = command({
  name: 'token create',
  summary: 'Create a personal token or a project token',
  forms: [
    '--user EMAIL [--org ORG] [--name NAME] [--expires TIME]',
    '--project ORG/PROJECT [--role ROLE] [--name NAME] [--env ENV] [--cells A,B] [--expires TIME]',
  ],
  notes: 'Prints only the token to stdout, so you can write TOKEN=$(npx bulkhead token create …). Bulkhead stores only its hash.',
  options: {
    user: { value: 'EMAIL', about: 'Create a personal token, which has this user’s permissions.', shape: Email.optional() },
    org: {
      value: 'ORG',
      about: 'Only in this organization. Default: all of the user’s organizations.',
      shape: z.string().optional(),
    },
    project: { value: 'ORG/PROJECT', about: 'Create a token of this project.', shape: ProjectPath.optional() },
    role: { ...roleOption, shape: roleOption.shape.optional() },
    env: envOption,
    cells: cellsOption,
    name: { value: 'NAME', about: 'The token’s name in lists.', shape: Name.default('Created on the command line') },
    expires: expiresOption,
  },
  prepare({ user, org, project, role, env, cells, name, expires }) {
    if ((user === undefined) === (project === undefined)) throw new UsageError('give either --user or --project')
    if (user !== undefined) {
      const stray = Object.entries({ role, env, cells }).find(([, value]) => value !== undefined)?.[0]
      if (stray) throw new UsageError(`--${stray} requires --project; a personal token has its user’s permissions`)
      return personal(user, org, { name, expires })
    }
    if (org !== undefined) throw new UsageError('--org requires --user; --project already names its organization')
    return ofProject(project!, { name, role, env, cells, expires })
  },
})
