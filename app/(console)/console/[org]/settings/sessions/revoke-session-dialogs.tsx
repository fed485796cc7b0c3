'use client'

import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import type { Session } from '#contract/accounts/sessions'
import { useRevokeOtherSessions, useRevokeSession } from '#queries/accounts/sessions'

interface RevokeSessionDialogProps {
  session: Session
  onClose: () => void
}

/** Ends one other session. */
export function RevokeSessionDialog({ session, onClose }: RevokeSessionDialogProps) {
  const toast = useToast()
  const revoke = useRevokeSession()
  const onSuccess = () => {
    toast(`Signed out ${session.device}`)
    onClose()
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Sign out ${session.device}?`}
      description="That browser is signed out immediately and has to sign in again."
      confirmLabel="Sign out"
      pending={revoke.isPending}
      error={revoke.error?.message}
      onConfirm={() => revoke.mutate(session.id, { onSuccess })}
    >
      <p className="text-muted">
        Signed in <Time value={session.createdAt} />
        {session.address !== null && ` from ${session.address}`}, last seen <Time value={session.lastSeenAt} />
      </p>
    </ConfirmDialog>
  )
}

const inWords = (count: number) => (count === 1 ? 'Signed out 1 other session' : `Signed out ${count} other sessions`)

/** Ends every session but the current one. */
export function RevokeOtherSessionsDialog({ onClose }: Pick<RevokeSessionDialogProps, 'onClose'>) {
  const toast = useToast()
  const revoke = useRevokeOtherSessions()
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title="Sign out everywhere else?"
      description="Every other browser is signed out immediately. This one stays signed in, and your tokens keep working."
      confirmLabel="Sign out everywhere else"
      pending={revoke.isPending}
      error={revoke.error?.message}
      onConfirm={() =>
        revoke.mutate(undefined, {
          onSuccess: ({ revoked }) => {
            toast(inWords(revoked))
            onClose()
          },
        })
      }
    />
  )
}
