'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Section, SectionRow } from '#components/ui/section'
import { Time } from '#components/ui/time'
import type { Passkey } from '#contract/accounts/factors'
import { usePasskeyObstacle } from '#queries/accounts/passkey-obstacle'

const AddPasskeyDialog = lazyDialog(() => import('./passkey-dialogs.tsx').then((module) => module.AddPasskeyDialog))
const RemovePasskeyDialog = lazyDialog(() => import('./passkey-dialogs.tsx').then((module) => module.RemovePasskeyDialog))
const RenamePasskeyDialog = lazyDialog(() => import('./passkey-dialogs.tsx').then((module) => module.RenamePasskeyDialog))

interface PasskeyListProps {
  passkeys: readonly Passkey[]
  /** The origin that passkeys are bound to; null when the server has no suitable name. */
  origin: string | null
  /** Receives the recovery codes that come with the first second factor. */
  onCodes: (codes: string[]) => void
}

type Open = null | { kind: 'add' } | { kind: 'rename' | 'remove'; passkey: Passkey }

/** Also set when this browser uses another host name than the server's settings. */
function useObstacle(origin: string | null): string | null {
  const here = usePasskeyObstacle()
  if (origin === null) return 'Passkeys need a BULKHEAD_URL with a host name and https'
  return here ?? (location.origin === origin ? null : `Passkeys only work at ${origin}`)
}

/** The user's passkeys. Each is both factors at once. */
export function PasskeyList({ passkeys, origin, onCodes }: PasskeyListProps) {
  const [open, setOpen] = useState<Open>(null)
  const obstacle = useObstacle(origin)
  const close = () => setOpen(null)
  return (
    <Section
      flush
      title="Passkeys"
      description="Sign in with your device’s own lock: fingerprint, face or PIN. You don’t need a password."
      actions={
        <Button icon={<KeyRound className="size-3.5" />} disabledReason={obstacle} onClick={() => setOpen({ kind: 'add' })}>
          Add passkey…
        </Button>
      }
    >
      {passkeys.length === 0 && (
        <EmptyState title="No passkeys yet">
          A passkey can’t be phished, because it only works on this server’s own pages.
        </EmptyState>
      )}
      {passkeys.map((passkey) => (
        <SectionRow
          key={passkey.id}
          title={<span className="wrap-anywhere">{passkey.name}</span>}
          description={<Dates passkey={passkey} />}
        >
          <Button size="sm" aria-label={`Rename ${passkey.name}`} onClick={() => setOpen({ kind: 'rename', passkey })}>
            Rename…
          </Button>
          <Button size="sm" aria-label={`Remove ${passkey.name}`} onClick={() => setOpen({ kind: 'remove', passkey })}>
            Remove…
          </Button>
        </SectionRow>
      ))}
      {open?.kind === 'add' && <AddPasskeyDialog onClose={close} onCodes={onCodes} />}
      {open?.kind === 'rename' && <RenamePasskeyDialog passkey={open.passkey} onClose={close} />}
      {open?.kind === 'remove' && <RemovePasskeyDialog passkey={open.passkey} isLast={passkeys.length === 1} onClose={close} />}
    </Section>
  )
}

function Dates({ passkey: { createdAt, lastUsedAt } }: { passkey: Passkey }) {
  return (
    <>
      Added <Time value={createdAt} />,{' '}
      {lastUsedAt ? (
        <>
          last used <Time value={lastUsedAt} />
        </>
      ) : (
        'never used'
      )}
    </>
  )
}
