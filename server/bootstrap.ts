import { FirstOwner } from '#contract/accounts/me'
import { paths } from '#contract/paths'
import type { Database } from '#db/client'
import { hasUsers } from '#db/queries/accounts/users'
import { slugFrom } from '#domain/v1/home'
import { createFirstOwner, pendingSetUp } from '#domain/organizations/set-up'
import { DomainError } from '#domain/errors'
import { StartError } from '#config/start-error'

type Admin = { email: string; password: string; organization: string | undefined }

/**
 * Sets up the first owner. Creates them from the settings when those name one and no user exists yet; otherwise returns the setup
 * link while no owner exists. Throws `StartError` for an invalid setting.
 */
export async function bootstrap(
  db: Database,
  { admin, url }: { admin: Admin | undefined; url: string },
): Promise<string | undefined> {
  if (admin && !(await hasUsers(db))) await createAdmin(db, admin)
  const token = await pendingSetUp(db)
  return token && url + paths.setUp(token)
}

async function createAdmin(db: Database, { email, password, organization = 'Acme' }: Admin): Promise<void> {
  const first = FirstOwner.safeParse({
    email,
    password,
    name: email.split('@')[0],
    organizationName: organization,
    organizationSlug: slugFrom(organization, ''),
  })
  if (!first.success) {
    const issue = first.error.issues[0]!
    const setting =
      { email: 'BULKHEAD_ADMIN_EMAIL', password: 'BULKHEAD_ADMIN_PASSWORD' }[String(issue.path[0])] ?? 'BULKHEAD_ORG'
    throw new StartError(`The setting ${setting} ${issue.message}.`)
  }
  try {
    await createFirstOwner(db, first.data)
  } catch (error) {
    if (error instanceof DomainError && error.code === 'already_set_up') return
    const setting = error instanceof DomainError && error.code === 'weak_password' ? 'BULKHEAD_ADMIN_PASSWORD' : 'BULKHEAD_ORG'
    if (error instanceof DomainError) throw new StartError(`The setting ${setting}: ${error.message}.`)
    throw error
  }
}
