'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormPage, MessagePage } from '#components/frame/public-page'
import { ProviderSignIn } from '#components/sign-in/provider-sign-in'
import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { SkeletonText } from '#components/ui/skeleton'
import { TabPanel, Tabs } from '#components/ui/tabs'
import type { OpenInvitation } from '#contract/organizations/invitations'
import { paths } from '#contract/paths'
import type { ApiError } from '#queries/call'
import { openInvitationQuery, useAcceptInvitation } from '#queries/organizations/invitations'
import { JoinAsNewcomer } from './join-as-newcomer.tsx'
import { JoinBySigningIn } from './join-by-signing-in.tsx'
import { SignedInAsOther } from './signed-in-as-other.tsx'
import { InvitationSummary } from './invitation-summary.tsx'

interface InvitationPageProps {
  token: string
  /** The name of this server's sign-in provider. */
  provider: string | null
}

/** The page of an invitation link: what it is for, and how the viewer can accept it. */
export function InvitationPage({ token, provider }: InvitationPageProps) {
  const opened = useQuery(openInvitationQuery(token))
  if (opened.error) return <UnusableInvitation error={opened.error} retry={() => void opened.refetch()} />
  if (!opened.data) {
    return (
      <FormPage title="Your invitation">
        <SkeletonText label="Loading invitation" lines={5} />
      </FormPage>
    )
  }
  const invitation = opened.data
  return (
    <FormPage title={`Join ${invitation.organization.name}`}>
      <InvitationSummary invitation={invitation} />
      <WaysToAccept token={token} invitation={invitation} provider={provider} />
    </FormPage>
  )
}

function WaysToAccept({ token, invitation, provider }: InvitationPageProps & { invitation: OpenInvitation }) {
  const { signedInAs, email } = invitation
  if (signedInAs === email) return <AcceptAsYourself token={token} />
  if (signedInAs !== null) return <SignedInAsOther token={token} signedInAs={signedInAs} email={email} />
  return (
    <>
      {provider && <ProviderSignIn provider={provider} next={paths.invitation(token)} />}
      <JoinAsGuest token={token} email={email} />
    </>
  )
}

/** Asks the viewer whether they have an account. Showing it would let inviters test any address. */
function JoinAsGuest(person: { token: string; email: string }) {
  const [way, setWay] = useState<'new' | 'known'>('new')
  return (
    <Tabs label="Do you have an account?" tabs={ways} value={way} onChange={setWay}>
      <TabPanel value="new">
        <JoinAsNewcomer {...person} />
      </TabPanel>
      <TabPanel value="known">
        <JoinBySigningIn {...person} />
      </TabPanel>
    </Tabs>
  )
}

const ways = [
  { value: 'new', label: 'I’m new here' },
  { value: 'known', label: 'I have an account' },
] as const

/** For a viewer signed in with the invited address: nothing to type. */
function AcceptAsYourself({ token }: { token: string }) {
  const router = useRouter()
  const accept = useAcceptInvitation(token)
  const enter = () => accept.mutate({}, { onSuccess: ({ organization }) => router.replace(paths.projects(organization.slug)) })
  return (
    <div className="space-y-3">
      {accept.error && <Notice tone="warning">{accept.error.message}</Notice>}
      <Button variant="primary" pending={accept.isPending || accept.isSuccess} onClick={enter}>
        Accept invitation
      </Button>
    </div>
  )
}

const unusable: Record<string, { title: string; text: string }> = {
  invitation_expired: { title: 'This invitation has expired', text: 'Ask the person who invited you to send it again.' },
  invitation_gone: {
    title: 'This invitation was already used or revoked',
    text: 'An invitation link works once. If you accepted it, sign in. Otherwise, ask for a new one. If someone else accepted it in your place, set a new password to take over the account.',
  },
  invitation_not_found: {
    title: 'Invitation not found',
    text: 'Check that you copied the whole link. If you did, ask for a new invitation.',
  },
}

/** Somebody else may have used the invitation; a mailed link proves who owns the address. */
function NextSteps({ code }: { code: string }) {
  return (
    <>
      <ButtonLink href={paths.login()}>Sign in</ButtonLink>
      {code === 'invitation_gone' && <ButtonLink href={paths.forgotPassword}>Set a new password</ButtonLink>}
    </>
  )
}

function UnusableInvitation({ error, retry }: { error: ApiError; retry: () => void }) {
  const known = unusable[error.code]
  return (
    <MessagePage
      title={known?.title ?? 'The invitation couldn’t be loaded'}
      action={known ? <NextSteps code={error.code} /> : <Button onClick={retry}>Try again</Button>}
    >
      {known?.text ?? error.message}
    </MessagePage>
  )
}
