'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import { Circle, CircleCheck, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { IconButton } from '#components/ui/icon-button'
import { Link } from '#components/ui/link'
import { useNow } from '#components/ui/time'
import type { OrganizationAuditAction, ProjectAuditAction } from '#contract/audit/actions'
import { paths } from '#contract/paths'
import { auditEventsQuery } from '#queries/audit/events'
import { organizationAccessQuery, organizationQuery } from '#queries/organizations/organizations'
import { projectsQuery } from '#queries/projects/projects'

type Step = {
  /** The step is done once the organization's audit log has this action. */
  action: ProjectAuditAction | OrganizationAuditAction
  title: string
  text: string
  /** Where it is done: in the organization, or in this project. Absent where the list above has the button. */
  at?: (org: string, project: string) => { label: string; href: string }
}

const members: Step['at'] = (org, project) => ({ label: `Members of ${project}`, href: paths.project(org, project).members })

const steps: Step[] = [
  {
    action: 'project.created',
    title: 'Create the sample project',
    text: 'It has environments, a catalog, entities and cells to try everything with.',
  },
  {
    action: 'invitation.created',
    title: 'Invite somebody',
    text: 'They get a link, by mail or from you.',
    at: (org) => ({ label: 'People', href: paths.organization(org).people }),
  },
  {
    action: 'member.scoped',
    title: 'Limit somebody to a cell',
    text: 'You see how many entities they will see before you save.',
    at: members,
  },
  {
    action: 'member.viewed',
    title: 'View the project as them',
    text: 'The console shows exactly what they see.',
    at: members,
  },
  {
    action: 'project.undone',
    title: 'Nuke the project, and undo it',
    text: 'Everything comes back, row for row.',
    at: (org, project) => ({ label: `Settings of ${project}`, href: paths.project(org, project).settings }),
  },
]

/** Days after which an organization needs no first steps. */
const NEW = 30

const keyOf = (org: string) => `bulkhead.first-steps.${org}`
const listeners = new Set<() => void>()
function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Dismissed in this browser. A browser that keeps nothing forgets it. */
function useDismissed(org: string) {
  const isDismissed = useSyncExternalStore(
    subscribe,
    () => {
      try {
        return localStorage.getItem(keyOf(org)) !== null
      } catch {
        return false
      }
    },
    () => true,
  )
  function dismiss() {
    try {
      localStorage.setItem(keyOf(org), 'dismissed')
    } catch {
      // Then it is there again after the next load.
    }
    for (const listener of listeners) listener()
  }
  return { isDismissed, dismiss }
}

/** What a new organization tries first, for those who may read its log; nothing once all is done or it was dismissed. */
export function FirstSteps({ org }: { org: string }) {
  const { isDismissed, dismiss } = useDismissed(org)
  const createdAt = useQuery(organizationQuery(org)).data?.createdAt
  const can = useQuery(organizationAccessQuery(org)).data?.can
  const now = useNow()
  const isNew = now !== null && createdAt !== undefined && now - Date.parse(createdAt) < NEW * 86_400_000
  const isShown = isNew && !isDismissed && (can?.['organization-audit:read'].allowed ?? false)
  const found = useQueries({
    queries: steps.map(({ action }) => ({ ...auditEventsQuery(org, undefined, { action, limit: 1 }), enabled: isShown })),
  })
  const projects = useQuery({ ...projectsQuery(org), enabled: isShown })
  const done = found.map(({ data }) => data && data.items.length > 0)
  if (!isShown || done.includes(undefined) || !done.includes(false)) return null
  const project = projects.data?.[0]?.slug
  const next = done.indexOf(false)
  const to = project === undefined ? undefined : steps[next]!.at?.(org, project)
  return (
    <section aria-labelledby="first-steps" className="mt-6 max-w-180 rounded-lg border border-line bg-raised">
      <div className="flex items-start justify-between gap-3 px-4 pt-3 pb-2">
        <h2 id="first-steps" className="pt-1 text-base font-semibold">
          First steps
        </h2>
        <IconButton label="Dismiss the first steps" size="sm" icon={<X className="size-3.5" />} onClick={dismiss} />
      </div>
      <ol className="border-t border-line">
        {steps.map(({ action, title, text }, i) => (
          <li key={action} className="flex items-start gap-3 border-line px-4 py-2.5 not-first:border-t">
            {done[i] ? (
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-ink" />
            ) : (
              <Circle aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
            )}
            <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
              <div className="min-w-0">
                <div className={done[i] ? 'text-muted' : 'font-medium'}>
                  {title}
                  {done[i] && <span className="sr-only">: done</span>}
                </div>
                {!done[i] && <div className="text-pretty text-muted">{text}</div>}
              </div>
              {i === next && to && <Link href={to.href}>{to.label}</Link>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
