import type { Role } from '#contract/common'
import type { Database } from '#db/client'
import { findOrganization } from '#db/queries/organizations/organizations'
import { createUser } from '#domain/accounts/users'
import { createFirstOwner } from '#domain/organizations/set-up'
import { addOrganizationMember } from '#domain/organizations/members'

export const organization = { slug: 'acme', name: 'Acme' }
export const password = 'correct horse battery'

export interface Person {
  id: string
  name: string
  email: string
}

/** Each person's role in the organization. Their project role comes from the `project` fixture. */
const roles = {
  'organization owner': 'owner',
  'organization admin': 'admin',
  owner: 'member',
  admin: 'member',
  member: 'member',
  viewer: 'viewer',
  'scoped member': 'member',
  outsider: 'member',
} as const satisfies Record<string, Role>

export type Who = keyof typeof roles

export const names: Record<Who, string> = {
  'organization owner': 'Olga Owner',
  'organization admin': 'Omar Admin',
  owner: 'Paula Owner',
  admin: 'Ada Admin',
  member: 'Max Member',
  viewer: 'Vera Viewer',
  'scoped member': 'Sam Scoped',
  outsider: 'Otto Outsider',
}

export const emailOf = (who: Who) => `${names[who].toLowerCase().replace(' ', '.')}@acme.test`

export async function createPeople(db: Database): Promise<void> {
  const [first, ...others] = Object.keys(roles) as Who[]
  const { slug: organizationSlug, name: organizationName } = organization
  await createFirstOwner(db, { name: names[first!], email: emailOf(first!), password, organizationName, organizationSlug })
  const org = await findOrganization(db, { slug: organization.slug }, null)
  for (const who of others) await createPerson(db, org!, { name: names[who], email: emailOf(who) }, roles[who])
}

export async function createPerson(
  db: Database,
  org: { id: string },
  { name, email }: Omit<Person, 'id'>,
  role: Role,
): Promise<Person> {
  const user = await createUser(db, { name, email, password })
  await addOrganizationMember(db, org, user, role)
  return { id: user.id, name, email }
}
