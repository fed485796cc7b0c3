'use client'

import { useQuery } from '@tanstack/react-query'
import { Actor } from '#components/actor'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { SkeletonRows } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import type { AuditEvent } from '#contract/audit/events'
import type { Member } from '#contract/members/members'
import { paths } from '#contract/paths'
import { auditEventsQuery } from '#queries/audit/events'
import { differences, fields, inWords, labels } from './access-values.ts'
import { Changes } from './changes.tsx'

const SHOWN = 5

interface MemberHistoryProps {
  org: string
  project: string
  userId: string
  /** Why the caller may not read the audit log. */
  reason: string | null
}

/** The latest events about one member. */
export function MemberHistory({ org, project, userId, reason }: MemberHistoryProps) {
  const events = useQuery({
    ...auditEventsQuery(org, project, { target: userId, limit: SHOWN }),
    enabled: reason === null,
  })
  return (
    <section aria-labelledby="member-history">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-2">
        <h3 id="member-history" className="font-medium">
          History
        </h3>
        {reason === null && <Link href={paths.project(org, project).auditOf(userId)}>View in the audit log</Link>}
      </div>
      {reason !== null ? (
        <p className="text-muted">{reason}.</p>
      ) : events.error ? (
        <Notice tone="warning">{events.error.message}</Notice>
      ) : !events.data ? (
        <SkeletonRows label="Loading history" />
      ) : events.data.items.length === 0 ? (
        <p className="text-muted">Nothing is recorded about this member in this project.</p>
      ) : (
        <ul aria-labelledby="member-history" className="divide-y divide-line rounded-md border border-line">
          {events.data.items.map((event) => (
            <li key={event.id} className="px-3 py-2">
              <What event={event} />
              <div className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-muted">
                <Actor actor={event.actor} />
                <Time value={event.createdAt} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The events of a membership hold the member before and after. */
const memberIn = (value: AuditEvent['before']): Member | null =>
  typeof value === 'object' && value !== null && 'role' in value && 'cellScopes' in value ? (value as unknown as Member) : null

function What({ event }: { event: AuditEvent }) {
  const [before, after] = [memberIn(event.before), memberIn(event.after)]
  if (before && after && differences(before, after).length > 0)
    return <Changes label="What changed" before={before} after={after} />
  if (event.action === 'member.added' && after) return `Added: ${fields.map((field) => named(field, after)).join(' · ')}`
  if (event.action === 'member.removed' && before) return `Removed: ${fields.map((field) => named(field, before)).join(' · ')}`
  return <code className="text-xs">{event.action}</code>
}

const named = (field: (typeof fields)[number], member: Member) =>
  field === 'expiresAt' ? `${labels[field].toLowerCase()} ${inWords[field](member).toLowerCase()}` : inWords[field](member)
