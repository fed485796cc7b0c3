import { Expiry } from '#components/access/expiry'
import { RoleBadge } from '#components/access/role'
import { CellScopes, EnvironmentScope } from '#components/access/scope'
import { DescriptionList } from '#components/ui/description-list'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import type { Member } from '#contract/members/members'
import { paths } from '#contract/paths'
import type { InProject } from '../in-project.ts'
import { MemberHistory } from './member-history.tsx'

interface AccessFactsProps extends Pick<InProject, 'org' | 'project' | 'access'> {
  member: Member
  /** Why it cannot be changed. */
  reason: string
}

/** The access of a member that the caller cannot change, and why. */
export function AccessFacts({ org, project, access, member, reason }: AccessFactsProps) {
  const { role, permissions, envName, cellScopes, expiresAt, source, userId } = member
  return (
    <div className="space-y-5">
      <Notice action={source === 'organization' && <Link href={paths.organization(org).people}>People</Link>}>{reason}</Notice>
      <DescriptionList
        items={[
          { label: 'Role', value: <RoleBadge role={role} verbs={permissions} /> },
          { label: 'Environment', value: <EnvironmentScope name={envName} /> },
          { label: 'Cells', value: <CellScopes cells={cellScopes} all /> },
          { label: 'Expires', value: <Expiry value={expiresAt} /> },
        ]}
      />
      <MemberHistory {...{ org, project, userId }} reason={access.can['audit:read'].reason} />
    </div>
  )
}
