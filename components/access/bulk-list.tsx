import { Check, CircleAlert, Minus } from 'lucide-react'
import { RoleBadge } from '#components/access/role'
import { Spinner } from '#components/ui/spinner'
import type { ReactNode } from 'react'
import type { Member } from '#contract/members/members'

/** The result for one member. */
export type Outcome = 'done' | { failed: string }

export interface BulkListProps {
  members: readonly Pick<Member, 'userId' | 'name' | 'email' | 'role'>[]
  /** Why a member is skipped, by user; null when they are included. */
  reasons: ReadonlyMap<string, string | null>
  outcomes: ReadonlyMap<string, Outcome>
  running: boolean
  /** The word for success: "removed". */
  done: string
  /** What more to say about a member, by user. */
  details?: ReadonlyMap<string, ReactNode> | undefined
}

/** The members that a change affects, each with its result. */
export function BulkList({ members, reasons, outcomes, running, done, details }: BulkListProps) {
  const next = members.find(({ userId }) => reasons.get(userId) === null && !outcomes.has(userId))
  return (
    <ul
      aria-label="Members"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-80 divide-y divide-line overflow-y-auto rounded-md border border-line"
    >
      {members.map((member) => {
        const { userId, name, email, role } = member
        const skipped = reasons.get(userId)
        const outcome = outcomes.get(userId)
        return (
          <li key={userId} className="px-3 py-1.5">
            <div className="flex items-start gap-2 py-0.5">
              <span className="min-w-0 wrap-anywhere">
                <span className={skipped ? 'text-muted' : 'font-medium'}>{name}</span>{' '}
                <span className="text-xs text-muted">{email}</span>
              </span>
              <span className="ml-auto flex shrink-0 items-center gap-1.5 text-muted">
                {skipped ? (
                  <IconAndText icon={<Minus aria-hidden className="size-3.5" />} text="skipped" />
                ) : outcome === 'done' ? (
                  <IconAndText icon={<Check aria-hidden className="size-3.5" />} text={done} />
                ) : outcome ? (
                  <IconAndText icon={<CircleAlert aria-hidden className="size-3.5 text-ink" />} text="refused" />
                ) : running && member === next ? (
                  <Spinner />
                ) : (
                  <RoleBadge role={role} />
                )}
              </span>
            </div>
            {details?.has(userId) && <div className="text-xs text-muted">{details.get(userId)}</div>}
            {skipped && <p className="text-xs text-muted">{skipped}</p>}
            {outcome && outcome !== 'done' && <p className="text-xs text-ink">{outcome.failed}</p>}
          </li>
        )
      })}
    </ul>
  )
}

function IconAndText({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <>
      {icon}
      {text}
    </>
  )
}
