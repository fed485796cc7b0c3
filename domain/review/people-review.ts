import {
  GRANTS_IN_ROW,
  type PeopleReviewFilter,
  type PeopleReviewQuery,
  type ReviewState,
  type ReviewedPerson,
  type RiskCounts,
  type RiskMark,
} from '#contract/review/people-review'
import { personPart } from '#contract/email'
import { riskMarks } from '#contract/words'
import { type Trx, inTransaction } from '#db/client'
import { keepOrganizationMember } from '#db/queries/organizations/members'
import * as rows from '#db/queries/review/people-review'
import { assertCanInOrganization } from '../access/permissions.ts'
import { audit } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { type Page, riskCursor, toPage } from '../paging.ts'

/** How much each mark weighs: access to everything most, what only wants tidying least. */
const weights = {
  everything: 5,
  'never-signed-in': 4,
  'not-seen': 3,
  'no-second-factor': 2,
  'no-expiry': 2,
  expired: 1,
} as const satisfies Record<RiskMark, number>

/** People an export reads with each statement. */
const CHUNK = 1000

const stateOf = ({ reviewed_grants, fingerprint }: rows.PeopleReviewRow): ReviewState =>
  reviewed_grants === null ? 'never' : reviewed_grants === fingerprint ? 'reviewed' : 'changed'

const present = (row: rows.PeopleReviewRow): ReviewedPerson => ({
  userId: row.user_id,
  name: row.name,
  email: row.email,
  role: row.role,
  lastSeenAt: row.seen_at,
  createdAt: row.created_at,
  marks: row.marks as RiskMark[],
  memberships: row.memberships,
  grants: (row.grants ?? []).map(({ slug, name, ...grant }) => ({ project: { slug, name }, ...grant })),
  fingerprint: row.fingerprint,
  state: stateOf(row),
  reviewedAt: row.reviewed_at,
  reviewedBy: row.reviewed_by,
})

function toFilter({ q, mark, state, days }: PeopleReviewFilter) {
  const text = q?.trim()
  return { q: text ? personPart(text) : undefined, mark, state, days, weights }
}

const keyOf = (row: rows.PeopleReviewRow) => [String(row.risk), row.sort_name, row.user_id]

/** The people of the organization, the riskiest first. */
export async function reviewPeople(context: OrgContext, query: PeopleReviewQuery): Promise<Page<ReviewedPerson>> {
  assertCanInOrganization(context, 'people:manage')
  const { limit, cursor, ...filter } = query
  const page = { ...toFilter(filter), after: riskCursor(cursor), limit }
  return toPage(await rows.listPeopleReview(context.db, context.org.id, page, GRANTS_IN_ROW), limit, keyOf, present)
}

export async function countRisks(context: OrgContext, { days }: { days: number }): Promise<RiskCounts> {
  assertCanInOrganization(context, 'people:manage')
  const { people = 0, reviewed = 0, ...marks } = await rows.countRisks(context.db, context.org.id, days)
  const counts = Object.fromEntries(riskMarks.map((mark) => [mark, marks[mark] ?? 0])) as RiskCounts['marks']
  return { people, marks: counts, states: { never: people - reviewed, reviewed } }
}

/** All people that a list with this filter shows. */
export async function exportPeopleReview(
  context: OrgContext,
  filter: PeopleReviewFilter,
): Promise<AsyncGenerator<ReviewedPerson>> {
  assertCanInOrganization(context, 'people:manage')
  return everybody(context, filter)
}

async function* everybody({ db, org }: OrgContext, filter: PeopleReviewFilter): AsyncGenerator<ReviewedPerson> {
  let after: { risk: number; name: string; id: string } | undefined
  do {
    const page = await rows.listPeopleReview(db, org.id, { ...toFilter(filter), after, limit: CHUNK }, GRANTS_IN_ROW)
    const shown = page.slice(0, CHUNK)
    for (const row of shown) yield present(row)
    const last = shown.at(-1)
    after = last && page.length > CHUNK ? { risk: last.risk, name: last.sort_name, id: last.user_id } : undefined
  } while (after !== undefined)
}

async function findReviewed(trx: Trx, orgId: string, userId: string): Promise<rows.PeopleReviewRow | undefined> {
  const one = { q: undefined, mark: undefined, state: undefined, days: 90, userId, weights, after: undefined, limit: 1 }
  return (await rows.listPeopleReview(trx, orgId, one, GRANTS_IN_ROW))[0]
}

/** Records that the caller has looked over what a person has, as long as that is what they looked at. */
export async function markReviewed(
  context: OrgContext,
  userId: string,
  { fingerprint }: { fingerprint: string },
): Promise<ReviewedPerson> {
  assertCanInOrganization(context, 'people:manage')
  const { db, org, actor } = context
  return inTransaction(db, async (trx) => {
    const isMember = await keepOrganizationMember(trx, org.id, userId)
    const before = isMember ? await findReviewed(trx, org.id, userId) : undefined
    if (!before) throw new DomainError('member_not_found', 'No such person in this organization')
    if (before.fingerprint !== fingerprint)
      throw new DomainError('access_changed', `What ${before.name} has changed since you opened it. Look at it again`)
    await rows.keepReview(trx, { org_id: org.id, user_id: userId, reviewed_by: actor.id, grants: fingerprint })
    const target = { kind: 'user', id: userId, name: before.email }
    await audit(trx, context, 'organization.member-reviewed', target, {
      after: { role: before.role, memberships: before.memberships, marks: before.marks },
    })
    return present((await findReviewed(trx, org.id, userId))!)
  })
}
