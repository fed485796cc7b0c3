import { randomBytes } from 'node:crypto'
import { Slug } from '#contract/common'
import { type Database, type Trx, inTransaction } from '#db/client'
import { hasHome, lockUser } from '#db/queries/organizations/organizations'
import type { OrgContext, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { addOrganization, isReserved } from '../organizations/organizations.ts'
import { createProject } from '../projects/projects.ts'
import { issueDerived } from '../tokens/tokens.ts'
import { firstSignInSource } from '../accounts/verified-users.ts'

/**
 * Gives a user without a home organization one of their own, with a project, a token and an environment, all named `default`
 * (reference v1, 0.12). Happens once, even with many first requests at once.
 * A membership from before the user verified their address is no home: the inviter could have joined in their name.
 */
export async function ensureHomeOrganization(db: Database, user: UserActor, requestId: string): Promise<void> {
  if (await hasHome(db, user.id)) return
  await inTransaction(db, async (trx) => {
    await lockUser(trx, user.id)
    if (await hasHome(trx, user.id)) return
    const org = await newOrganization(trx, user)
    const origin = { requestId, address: null }
    const context: OrgContext = { db: trx, actor: user, verb: 'create', origin, ifMatch: null, org: { ...org, role: 'owner' } }
    const project = await createProject(context, { name: 'default', slug: 'default' })
    await issueDerived(trx, { ...context, project }, { name: 'default', verbs: [] })
  })
}

/** Named after the local part of the user's email, with a random suffix where that is taken. */
async function newOrganization(trx: Trx, user: UserActor) {
  const preferred = slugFrom(user.email.split('@')[0]!, 'home')
  for (const slug of candidates(preferred)) {
    try {
      return await addOrganization(trx, firstSignInSource, { slug, name: user.name, owner: user, home: true })
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'slug_taken')) throw error
    }
  }
  throw new Error('found no free slug for an organization')
}

function* candidates(preferred: string) {
  if (!isReserved(preferred)) yield preferred
  for (let i = 0; i < 10; i++) yield `${preferred.slice(0, 41)}-${randomBytes(3).toString('hex')}`
}

/** `Ana María` → `ana-mar-a`; the fallback where nothing remains. */
export function slugFrom(text: string, fallback: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '')
  return Slug.safeParse(slug).success ? slug : fallback
}
