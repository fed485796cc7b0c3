'use client'

import { ConfirmCall } from '#components/ui/confirm-call'
import { Time } from '#components/ui/time'
import type { Session } from '#contract/accounts/sessions'
import { useRevokeOtherSessions, useRevokeSession } from '#queries/accounts/sessions'

interface RevokeSessionDialogProps {
  session: Session
  onClose: () => void
}

/** Ends one other session. */
export function RevokeSessionDialog({ session, onClose }: RevokeSessionDialogProps) {
  return (
    <ConfirmCall
      title={`Sign out ${session.device}?`}
      description="That browser is signed out immediately and has to sign in again."
      confirmLabel="Sign out"
      call={useRevokeSession()}
      sent={session.id}
      toast={`Signed out ${session.device}`}
      onClose={onClose}
    >
      <p className="text-muted">
        Signed in <Time value={session.createdAt} />
        {session.address !== null && ` from ${session.address}`}, last seen <Time value={session.lastSeenAt} />
      </p>
    </ConfirmCall>
  )
}

const inWords = (count: number) => (count === 1 ? 'Signed out 1 other session' : `Signed out ${count} other sessions`)

/** Ends every session but the current one. */
export function RevokeOtherSessionsDialog({ onClose }: Pick<RevokeSessionDialogProps, 'onClose'>) {
  return (
    <ConfirmCall
      title="Sign out everywhere else?"
      description="Every other browser is signed out immediately. This one stays signed in, and your tokens keep working."
      confirmLabel="Sign out everywhere else"
      call={useRevokeOtherSessions()}
      sent={undefined}
      toast={({ revoked }) => inWords(revoked)}
      onClose={onClose}
    />
  )
}
