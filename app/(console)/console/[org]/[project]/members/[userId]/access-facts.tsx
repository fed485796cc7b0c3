import { Expiry } from '#components/access/expiry'
import { RoleBadge } from '#components/access/role'
import { CellScopes, EnvironmentScope } from '#components/access/scope'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { Time } from '#components/ui/time'
import type { Access } from '#contract/access'
import type { Member } from '#contract/members'

const sources = {
  project: 'A membership of this project',
  organization: 'The organisation: its owners and admins have at least that role in every project',
  token: 'A project token',
} as const satisfies Record<NonNullable<Access['source']>, string>

/** The role, where it comes from, and all that narrows it. */
export function AccessFacts({ access, member }: { access: Access; member: Member }) {
  const { role, source, envName, cellScopes, expiresAt } = access
  return (
    <Section title="Access">
      <div className="space-y-4">
        <DescriptionList
          items={[
            { label: 'Role', value: role ? <RoleBadge role={role} /> : 'None' },
            { label: 'From', value: source ? sources[source] : 'No membership that holds now' },
            { label: 'Environment', value: envName === null ? 'All environments' : <EnvironmentScope name={envName} /> },
            { label: 'Cells', value: <CellScopes cells={cellScopes} all /> },
            { label: 'Expires', value: <Expiry value={access.source === null ? member.expiresAt : expiresAt} /> },
            { label: 'Since', value: <Time value={member.createdAt} /> },
            {
              label: 'User id',
              value: (
                <Mono copy="user id" quiet>
                  {member.userId}
                </Mono>
              ),
            },
          ]}
        />
        {member.source === 'project' && source === 'organization' && (
          <Notice>
            There is also a membership of this project, as <RoleBadge role={member.role} />. It gives less than the organisation
            does, so it takes nothing away.
          </Notice>
        )}
      </div>
    </Section>
  )
}
