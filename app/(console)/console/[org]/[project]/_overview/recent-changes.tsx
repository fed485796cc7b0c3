'use client'

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Flame, KeyRound, type LucideIcon, Server, Undo2, UserRound } from 'lucide-react'
import { EventSentence, namesOfPeople } from '#components/audit/event-sentence'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { Skeleton } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import type { AuditEvent } from '#contract/audit/events'
import { paths } from '#contract/paths'
import { auditEventsQuery } from '#queries/audit/events'
import { membersQuery } from '#queries/members/members'
import { accessQuery } from '#queries/review/access'
import type { ProjectPath } from '../project-path.ts'
import { latest } from './latest.ts'

/** The latest events as sentences, for callers who may read the audit log. */
export function RecentChanges({ org, project }: ProjectPath) {
  const why = useQuery(accessQuery(org, project)).data?.can['audit:read']
  const events = useQuery({ ...auditEventsQuery(org, project, latest), enabled: why?.allowed ?? false })
  const people = useQuery({ ...membersQuery(org, project), enabled: why?.allowed ?? false })
  const nameOf = namesOfPeople(people.data?.items)
  // The section above says why.
  if (why?.reason) return null
  const to = paths.project(org, project)
  const items = people.isPending ? undefined : events.data?.items
  return (
    <Section title="Recent changes" actions={<Link href={to.audit}>View the audit log</Link>} flush>
      {events.error && (
        <div className="p-4">
          <Notice tone="warning" action={<Button onClick={() => void events.refetch()}>Try again</Button>}>
            {events.error.message}
          </Notice>
        </div>
      )}
      {items?.length === 0 && (
        <EmptyState title="No changes yet">Every change to this project, and who made it, is recorded here.</EmptyState>
      )}
      {!events.error && items?.length !== 0 && (
        <ol aria-label="Latest changes" aria-busy={!items}>
          {items
            ? items.map((event) => <Change key={event.id} event={event} href={to.auditEvent(event.id)} nameOf={nameOf} />)
            : [...Array(latest.limit).keys()].map((line) => (
                <li key={line} aria-hidden className={lineLook}>
                  <Skeleton className="my-0.75 size-3.5" />
                  <Skeleton className={line % 3 ? 'my-0.75 h-3.5 w-3/5' : 'my-0.75 h-3.5 w-2/5'} />
                </li>
              ))}
        </ol>
      )}
      {!items && !events.error && <output className="sr-only">Loading the latest changes</output>}
    </Section>
  )
}

const lineLook = 'flex items-start gap-2.5 border-line px-4 py-2 not-first:border-t'

const actors = { user: UserRound, project_token: KeyRound, system: Server } satisfies Record<
  AuditEvent['actor']['kind'],
  LucideIcon
>

/** What stands out in the log: a nuke and its undo. */
const marks: Record<string, { icon: LucideIcon; ground: string; ink: string }> = {
  'project.nuked': { icon: Flame, ground: 'bg-danger-soft', ink: 'text-danger-ink' },
  'project.undone': { icon: Undo2, ground: 'bg-accent-soft', ink: 'text-accent-ink' },
}

interface ChangeProps {
  event: AuditEvent
  href: string
  nameOf: (address: string) => string
}

function Change({ event, href, nameOf }: ChangeProps) {
  const mark = marks[event.action]
  const Icon = mark?.icon ?? actors[event.actor.kind]
  return (
    <li className={clsx(lineLook, mark?.ground)}>
      <Icon aria-hidden className={clsx('mt-0.75 size-3.5 shrink-0', mark?.ink ?? 'text-faint')} />
      <p className="min-w-0 flex-1 text-pretty wrap-anywhere" title={event.action}>
        <EventSentence event={event} nameOf={nameOf} />
      </p>
      <Link look="quiet" href={href} className="shrink-0 font-normal! text-muted!">
        <Time value={event.createdAt} />
      </Link>
    </li>
  )
}
