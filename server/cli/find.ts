import type { Database } from '#db/client'
import { findOrganization } from '#db/queries/organizations/organizations'
import { findProject } from '#db/queries/projects/projects'
import { findUserByEmail } from '#db/queries/accounts/users'
import { DomainError } from '#domain/errors'
import { isId } from '#domain/ids'

const keyOf = (idOrSlug: string) => (isId(idOrSlug) ? { id: idOrSlug.toLowerCase() } : { slug: idOrSlug })

export async function getPerson(db: Database, email: string) {
  const user = await findUserByEmail(db, email)
  if (!user) throw new DomainError('user_not_found', `There is no user with the email ${email}`)
  return { id: user.id, email: user.email }
}

export async function getOrganization(db: Database, idOrSlug: string, userId: string | null = null) {
  const organization = await findOrganization(db, keyOf(idOrSlug), userId)
  if (!organization) throw new DomainError('organization_not_found', `There is no organization ${idOrSlug}`)
  return organization
}

/** Finds `acme/payments`; each part is a slug or an id. */
export async function getProject(db: Database, [organization, project]: [string, string]) {
  const org = await getOrganization(db, organization)
  const found = await findProject(db, org.id, keyOf(project), null)
  if (!found) throw new DomainError('project_not_found', `There is no project ${project} in ${org.slug}`)
  return { id: found.id, slug: found.slug, org }
}
