'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { Section, SectionRow } from '#components/ui/section'
import { Time } from '#components/ui/time'
import type { Identity, SignInMethods } from '#contract/accounts/oidc'
import { problemSentence } from '#contract/accounts/oidc-problems'
import { signInMethodsQuery } from '#queries/accounts/oidc'

const LinkDialog = lazyDialog(() => import('./link-dialog.tsx').then((module) => module.LinkDialog))
const UnlinkDialog = lazyDialog(() => import('./unlink-dialog.tsx').then((module) => module.UnlinkDialog))

type Open = null | { kind: 'link'; provider: string } | { kind: 'unlink'; identity: Identity }

/** The user's identities at the sign-in provider; nothing on a server that has and had none. */
export function Identities({ org }: { org: string }) {
  const [open, setOpen] = useState<Open>(null)
  // An error at the provider comes back in the URL.
  const [problem] = useQueryState('problem', parseAsString)
  const { data } = useQuery(signInMethodsQuery())
  if (!data || (data.provider === null && data.identities.length === 0)) return null
  const { provider, identities } = data
  return (
    <Section
      flush
      title={provider?.name ?? 'Sign-in provider'}
      description={
        identities.length > 0
          ? 'You can sign in here with any of these accounts.'
          : 'Link your account there to sign in here without a password.'
      }
      actions={
        provider && (
          <Button
            icon={<Link2 aria-hidden className="size-3.5" />}
            onClick={() => setOpen({ kind: 'link', provider: provider.name })}
          >
            {identities.length > 0 ? 'Link another…' : 'Link…'}
          </Button>
        )
      }
    >
      {problem && (
        <div className="px-4 py-3">
          <Notice tone="warning">{problemSentence(problem)}.</Notice>
        </div>
      )}
      {identities.map((identity) => (
        <SectionRow key={identity.id} title={identity.email ?? identity.subject} description={<Uses identity={identity} />}>
          <Button variant="danger" disabledReason={reasonToStay(data)} onClick={() => setOpen({ kind: 'unlink', identity })}>
            Unlink…
          </Button>
        </SectionRow>
      ))}
      {identities.length === 0 && !problem && <p className="px-4 py-3 text-muted">No linked accounts yet.</p>}
      {open?.kind === 'link' && <LinkDialog org={org} provider={open.provider} onClose={() => setOpen(null)} />}
      {open?.kind === 'unlink' && <UnlinkDialog identity={open.identity} onClose={() => setOpen(null)} />}
    </Section>
  )
}

/** The API decides; this shows the reason beforehand. */
const reasonToStay = ({ password, identities }: SignInMethods) =>
  password || identities.length > 1 ? null : 'This is your only way to sign in. Set a password first.'

function Uses({ identity }: { identity: Identity }) {
  return (
    <>
      {identity.provider}, linked <Time value={identity.createdAt} />, last used <Time value={identity.lastUsedAt} />
    </>
  )
}
