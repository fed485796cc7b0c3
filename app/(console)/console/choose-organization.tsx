'use client'

import { useQuery } from '@tanstack/react-query'
import { redirect } from 'next/navigation'
import { MessagePage } from '#components/frame/public-page'
import { Button } from '#components/ui/button'
import { SkeletonText } from '#components/ui/skeleton'
import { paths } from '#contract/paths'
import { meQuery } from '#queries/accounts/me'
import { organizationsQuery } from '#queries/organizations/organizations'
import { useSignOut } from '#queries/accounts/session'

/** Opens the user's first organization; says so when there is none. */
export function ChooseOrganization() {
  const organizations = useQuery(organizationsQuery())
  const me = useQuery(meQuery())
  const signOut = useSignOut()
  const first = organizations.data?.[0]
  if (first) redirect(paths.projects(first.slug))

  if (organizations.error) {
    return (
      <MessagePage
        title="Your organizations couldn’t be loaded"
        action={<Button onClick={() => void organizations.refetch()}>Try again</Button>}
      >
        {organizations.error.message}
      </MessagePage>
    )
  }
  if (!organizations.data) {
    return (
      <MessagePage title="Console">
        <SkeletonText label="Loading your organizations" lines={2} />
      </MessagePage>
    )
  }
  return (
    <MessagePage
      title="You aren’t in an organization"
      action={
        <Button pending={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      }
    >
      Ask the operator of this server to add {me.data?.email ?? 'you'} to one, then reload this page.
    </MessagePage>
  )
}
