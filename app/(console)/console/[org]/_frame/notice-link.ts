import type { Notice } from '#contract/notices/notices'
import { paths } from '#contract/paths'

/** The page with a notice's details and its undo; null when that is gone. */
export function noticeLink({
  id,
  kind,
  organization,
  project,
  wipeId,
  undoBefore,
}: Notice): { label: string; href: string } | null {
  const ofOrganization = paths.organization(organization.slug)
  if (kind === 'webhook-switched-off') return { label: 'View webhooks', href: ofOrganization.webhooks }
  if (project === null) return { label: 'View people', href: ofOrganization.people }
  if (kind === 'deleted' && project.deleted && undoBefore)
    return { label: 'Restore project…', href: ofOrganization.deletedProjects }
  if (project.slug === null || project.deleted) return null
  if (kind === 'account-taken-over') return { label: 'View tokens', href: paths.project(organization.slug, project.slug).tokens }
  const { wipes, audit } = paths.project(organization.slug, project.slug)
  if (wipeId === null) return { label: 'View audit event', href: `${audit}?event=${id}` }
  return { label: undoBefore ? 'View receipt or undo' : 'View receipt', href: `${wipes}?wipe=${wipeId}` }
}
