import { type Database, inTransaction, type Trx } from '#db/client'
import { findOrganization } from '#db/queries/organizations/organizations'
import { assertStrong } from '#domain/accounts/password-rules'
import { createUser, type Person } from '#domain/accounts/users'
import { issuePersonalToken } from '#domain/tokens/issued'
import { cast, organization, type Who } from './cast.ts'
import { stageEdge } from './edge.ts'
import { moveIntoThePast, moveOrganizationIntoThePast } from './past.ts'
import { stagePayments } from './payments.ts'
import { stageSandbox } from './sandbox.ts'
import { inDays, newStage } from './stage.ts'
import { createOrganization } from '#domain/organizations/organizations'
import { addOrganizationMember } from '#domain/organizations/members'

const entries = Object.entries(cast) as [Who, (typeof cast)[Who]][]

/** Whether the sample organization exists. */
export const isStaged = async (db: Database) => (await findOrganization(db, { slug: organization.slug }, null)) !== undefined

/** The projects, each with its age in days. */
const projects = [
  { slug: 'payments', begin: stagePayments, daysAgo: 41 },
  { slug: 'edge', begin: stageEdge, daysAgo: 27 },
  { slug: 'sandbox', begin: stageSandbox, daysAgo: 4 },
]

/** Throws where a sample user could not have this password. */
export function assertForEverybody(password: string): void {
  for (const [, { name, email }] of entries) assertStrong(password, { email, name }, 'password')
}

/** Creates the sample organization: all of it or, on any error, nothing. Everybody in it gets the same password. */
export async function stageDemo(db: Database, password: string, say: (line: string) => void): Promise<void> {
  await inTransaction(db, async (trx) => {
    say(`Creating the organization ${organization.slug} with ${entries.length} people …`)
    const stage = newStage(trx, await stagePeople(trx, password))
    await moveOrganizationIntoThePast(trx, (await stage.inOrganization('mara')).org.id, 44)
    for (const { slug, begin, daysAgo } of projects) {
      say(`The project ${slug} …`)
      const entities = await begin(stage)
      const { project } = await stage.inProject('mara', slug)
      await moveIntoThePast(trx, project.id, daysAgo)
      say(`  ${entities} entities`)
    }
    const { org } = await stage.inOrganization('mara')
    const person = (who: Who): Person => ({ id: stage.idOf(who), email: cast[who].email })
    await issuePersonalToken(trx, person('aiko'), org, { name: 'laptop', expiresAt: inDays(60) })
    await issuePersonalToken(trx, person('marek'), org, { name: 'on-call scripts' })
  })
}

async function stagePeople(trx: Trx, password: string): Promise<Record<Who, string>> {
  const people = {} as Record<Who, Person>
  for (const [who, { name, email }] of entries) people[who] = await createUser(trx, { name, email, password })
  const org = await createOrganization(trx, { ...organization, owner: people.mara })
  for (const [who, { role }] of entries) if (who !== 'mara') await addOrganizationMember(trx, org, people[who], role)
  return Object.fromEntries(entries.map(([who]) => [who, people[who].id])) as Record<Who, string>
}
