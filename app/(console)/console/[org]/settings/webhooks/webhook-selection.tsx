import { Chips } from '#components/ui/chip'
import type { Webhook } from '#contract/webhooks/webhooks'

/** The events that a webhook gets. */
export function WebhookEvents({ events, oneLine }: Pick<Webhook, 'events'> & { oneLine?: boolean }) {
  if (events === null) return <span className="text-muted">All</span>
  return <Chips labels={events} mono max={oneLine ? 2 : 20} oneLine={oneLine} />
}

/** The projects whose events it gets. */
export function WebhookProjects({ projects, oneLine }: Pick<Webhook, 'projects'> & { oneLine?: boolean }) {
  if (projects === null) return <span className="text-muted">All projects and the organization</span>
  if (projects.length === 0) return <span className="text-muted">None: the chosen projects were deleted</span>
  return <Chips labels={projects.map(({ slug }) => slug)} mono max={oneLine ? 2 : 20} oneLine={oneLine} />
}
