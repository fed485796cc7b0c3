import { randomBytes } from 'node:crypto'
import { Slug } from '#contract/common'
import { type Database, type Trx, inTransaction } from '#db/client'
import { hasHome, lockUser } from '#db/queries/organizations/organizations'
import type { OrgContext, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { addOrganization, isReserved } from '../organizations/organizations.ts'
import { createProject } from '../projects/projects.ts'
import { issueDerived } from '../tokens/tokens.ts'
import { firstSight } from '../accounts/verified-users.ts'

/**
 * First sight of a user who is at home in no organization makes one of their own, with a project, and in it a token and an environment, all
 * called `default` (reference v1, 0.12). Once, also when many requests see them first. Where somebody was a member before they had proven
 * their address they are not at home: whoever invited them could have joined in their name.
 */
export async function ensureHome(db: Database, user: UserActor): Promise<void> {
  if (await hasHome(db, user.id)) return
  await inTransaction(db, async (trx) => {
    await lockUser(trx, user.id)
    if (await hasHome(trx, user.id)) return
    const org = await newOrganization(trx, user)
    const origin = { requestId: newId(), address: null }
    const context: OrgContext = { db: trx, actor: user, verb: 'create', origin, ifMatch: null, org: { ...org, role: 'owner' } }
    const project = await createProject(context, { name: 'default', slug: 'default' })
    await issueDerived(trx, { ...context, project }, { name: 'default', verbs: [] })
  })
}

/** Called after his email's local part, with something random behind it where that is taken. */
async function newOrganization(trx: Trx, user: UserActor) {
  const wanted = slugLike(user.email.split('@')[0]!, 'home')
  for (const slug of candidates(wanted)) {
    try {
      return await addOrganization(trx, firstSight, { slug, name: user.name, owner: user, home: true })
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'slug_taken')) throw error
    }
  }
  throw new Error('no free slug was found for an organisation')
}

function* candidates(wanted: string) {
  if (!isReserved(wanted)) yield wanted
  for (let i = 0; i < 10; i++) yield `${wanted.slice(0, 41)}-${randomBytes(3).toString('hex')}`
}

/** `Ana María` → `ana-mar-a`; the fallback for a text of which nothing is left. */
export function slugLike(text: string, fallback: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '')
  return Slug.safeParse(slug).success ? slug : fallback
}
