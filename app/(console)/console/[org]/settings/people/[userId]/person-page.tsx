'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, ShieldCheck, SlidersHorizontal, UserX } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { organizationRoles } from '#components/access/organization-roles'
import { RoleBadge } from '#components/access/role'
import { Avatar } from '#components/ui/avatar'
import { Badge } from '#components/ui/badge'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { lazyDialog } from '#components/ui/lazy-dialog'
import { ButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { Section } from '#components/ui/section'
import { SkeletonCard } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import type { OrganizationMember } from '#contract/organizations/organizations'
import { paths } from '#contract/paths'
import { meQuery } from '#queries/accounts/me'
import { organizationAccessQuery, personQuery } from '#queries/organizations/organizations'
import { changeReason } from '../person-actions.tsx'
import { PersonInvitations } from './person-invitations.tsx'
import { PersonMade } from './person-made.tsx'
import { PersonMemberships } from './person-memberships.tsx'
import { PersonTokens } from './person-tokens.tsx'

const ChangeRoleDialog = lazyDialog(() => import('../change-role-dialog.tsx').then((module) => module.ChangeRoleDialog))
const RemovePersonDialog = lazyDialog(() => import('../remove-person-dialog.tsx').then((module) => module.RemovePersonDialog))

interface PersonPageProps {
  org: string
  userId: string
}

/** Everything that one person has in the organization, where it comes from, and the one action that ends it. */
export function PersonPage({ org, userId }: PersonPageProps) {
  const router = useRouter()
  const access = useQuery(organizationAccessQuery(org))
  const { data: me } = useQuery(meQuery())
  const may = access.data?.can['people:manage']
  const [dialog, setDialog] = useState<null | 'role' | 'end'>(null)
  const person = useQuery(personQuery(org, userId))
  const people = paths.organization(org).people
  const back = (
    <ButtonLink href={people} icon={<ArrowLeft className="size-3.5" />}>
      All people
    </ButtonLink>
  )
  const failed = [access, person].find((query) => query.error)
  if (failed?.error) {
    return (
      <>
        <PageHeader title="Person" actions={back} />
        <Notice tone="warning" action={<Button onClick={() => void failed.refetch()}>Try again</Button>}>
          {failed.error.message}
        </Notice>
      </>
    )
  }
  const self = me?.id === userId
  const row = person.data && { ...person.data, self, href: null }
  const reason = access.data && row ? changeReason(row, access.data) : 'Still loading'
  return (
    <>
      <PageHeader
        title={
          row ? (
            <span className="flex items-center gap-2.5">
              <Avatar name={row.name} />
              <span className="wrap-anywhere">{row.name}</span>
            </span>
          ) : (
            'Person'
          )
        }
        meta={self && <Badge>you</Badge>}
        description={row ? `${row.email}: everything this person has in the organization, and where it comes from.` : undefined}
        actions={
          <>
            {back}
            <Button icon={<SlidersHorizontal className="size-3.5" />} disabledReason={reason} onClick={() => setDialog('role')}>
              Change role…
            </Button>
            <Button
              variant="danger"
              icon={<UserX className="size-3.5" />}
              disabledReason={self && row ? null : reason}
              onClick={() => setDialog('end')}
            >
              {self ? 'Leave organization…' : 'End all access…'}
            </Button>
          </>
        }
      />
      {may === undefined ? (
        <SkeletonCard label="Loading the person" lines={3} />
      ) : !may.allowed ? (
        <Notice title="Only people who manage access can see what others have">{may.reason}</Notice>
      ) : (
        <div className="space-y-5">
          {row ? <InOrganization person={row} /> : <SkeletonCard label="Loading the person" lines={3} />}
          <PersonMemberships {...{ org, userId }} />
          <div className="grid items-start gap-5 xl:grid-cols-2">
            <PersonTokens {...{ org, userId }} />
            <PersonMade {...{ org, userId }} />
          </div>
          <PersonInvitations org={org} email={row?.email} />
          <p className="text-muted">Sessions and ways to sign in belong to the person, so they aren’t shown here.</p>
        </div>
      )}
      {dialog === 'role' && access.data && row && (
        <ChangeRoleDialog {...{ org }} access={access.data} person={row} onClose={() => setDialog(null)} />
      )}
      {dialog === 'end' && row && (
        <RemovePersonDialog
          {...{ org }}
          person={row}
          everything
          onClose={() => setDialog(null)}
          onDone={() => router.push(people)}
        />
      )}
    </>
  )
}

function InOrganization({ person }: { person: OrganizationMember }) {
  const { role, secondFactor, emailVerified, lastSeenAt, createdAt } = person
  return (
    <Section title="In the organization">
      <DescriptionList
        items={[
          {
            label: 'Role',
            value: (
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <RoleBadge role={role} />
                <span className="text-muted">{organizationRoles[role].hint}</span>
              </span>
            ),
          },
          { label: 'Last seen', value: lastSeenAt ? <Time value={lastSeenAt} /> : 'Never signed in' },
          { label: 'Joined', value: <Time value={createdAt} /> },
          ...(secondFactor === null
            ? []
            : [
                {
                  label: 'Second factor',
                  value: secondFactor ? (
                    <span className="inline-flex items-center gap-1.5">
                      <ShieldCheck aria-hidden className="size-3.5 text-muted" />
                      Yes
                    </span>
                  ) : (
                    'No'
                  ),
                },
              ]),
          ...(emailVerified === false ? [{ label: 'Email', value: 'Not verified: nobody has proven that it is theirs' }] : []),
        ]}
      />
    </Section>
  )
}
