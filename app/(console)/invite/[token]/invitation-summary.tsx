import { RoleBadge } from '#components/access/role'
import { Time } from '#components/ui/time'
import type { OpenInvitation } from '#contract/organizations/invitations'

/** What the person is invited to, by whom, and until when. */
export function InvitationSummary({
  invitation: { organization, invitedBy, email, role, projects, expiresAt },
}: {
  invitation: OpenInvitation
}) {
  return (
    <div className="mb-5 space-y-3 border-b border-line pb-5">
      <p className="text-pretty text-muted">
        {invitedBy ?? 'Someone'} invited <span className="font-medium wrap-anywhere text-ink">{email}</span>. The invitation
        expires <Time value={expiresAt} />.
      </p>
      <ul aria-label="You will join" className="space-y-1.5">
        <Place name={organization.name} kind="organization" role={role} />
        {projects.map((project) => (
          <Place key={project.slug} name={project.name} kind="project" role={project.role} />
        ))}
      </ul>
    </div>
  )
}

function Place({ name, kind, role }: { name: string; kind: string; role: OpenInvitation['role'] }) {
  return (
    <li className="flex items-center justify-between gap-3">
      <span className="min-w-0 truncate" title={name}>
        <span className="font-medium">{name}</span> <span className="text-muted">{kind}</span>
      </span>
      <RoleBadge role={role} />
    </li>
  )
}
