import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FirstOwner, SetUp } from '#contract/accounts/me'
import { type Database, type Trx, inTransaction } from '#db/client'
import { hasUsers, lockSetUp } from '#db/queries/accounts/users'
import { derivedKey } from '#config/settings'
import { addUser } from '../accounts/users.ts'
import { assertStrong } from '../accounts/password-rules.ts'
import { hashPassword } from '../accounts/passwords.ts'
import { DomainError } from '../errors.ts'
import type { AuditSource } from '../events.ts'
import { countAttempt, forgiveAttempts } from '../limits/throttle.ts'
import { addOrganization, assertNotReserved } from './organizations.ts'

const setUpSource: AuditSource = { actor: { kind: 'system', name: 'set-up' }, origin: null }

/** The secret of the set-up link. Derived, so that every process prints the same one; it works only while there are no users. */
export const setUpToken = () => createHmac('sha256', derivedKey('set-up')).update('first owner').digest('base64url')

/** The set-up link's secret while there are no users; undefined afterwards. */
export async function pendingSetUp(db: Database): Promise<string | undefined> {
  return (await hasUsers(db)) ? undefined : setUpToken()
}

/** Makes the first owner and the first organization, once, for the holder of the link. */
export async function setUp(
  db: Database | Trx,
  { token, ...first }: SetUp,
  address: string | null,
): Promise<{ organizationSlug: string }> {
  await countAttempt(db, { address })
  const given = Buffer.from(token)
  const right = Buffer.from(setUpToken())
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new DomainError(
      'invalid_setup_token',
      'This setup link is not valid. Use the one that the server printed when it started',
    )
  }
  await forgiveAttempts(db, { address })
  return createFirstOwner(db, first)
}

/** The same unattended, from the environment's `BULKHEAD_ADMIN_…`. */
export async function createFirstOwner(db: Database | Trx, first: FirstOwner): Promise<{ organizationSlug: string }> {
  assertNotReserved(first.organizationSlug)
  assertStrong(first.password, first, 'password')
  const password = await hashPassword(first.password)
  return inTransaction(db, async (trx) => {
    await lockSetUp(trx)
    if (await hasUsers(trx)) throw new DomainError('already_set_up', 'Bulkhead is set up already. Sign in instead')
    const user = await addUser(trx, setUpSource, {
      email: first.email,
      name: first.name,
      passwordHash: password,
      verifiedBy: 'set-up',
    })
    await addOrganization(trx, setUpSource, { slug: first.organizationSlug, name: first.organizationName, owner: user })
    return { organizationSlug: first.organizationSlug }
  })
}
