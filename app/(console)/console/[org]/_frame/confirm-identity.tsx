'use client'

import { useEffect, useState } from 'react'
import { lazyDialog } from '#components/ui/lazy-dialog'
import { registerIdentityDialog } from '#queries/accounts/fresh-sign-in'

const ConfirmIdentityDialog = lazyDialog(() =>
  import('./confirm-identity-dialog.tsx').then((module) => module.ConfirmIdentityDialog),
)

type Answer = (proven: boolean) => void

/** Opens a dialog whenever a call needs a fresh sign-in. The call continues where it stopped. */
export function ConfirmIdentity() {
  const [answer, setAnswer] = useState<{ give: Answer } | null>(null)
  // API calls live outside React, so they reach this dialog through `registerIdentityDialog` from wherever they are made.
  useEffect(() => registerIdentityDialog(() => new Promise((give) => setAnswer({ give }))), [])
  if (!answer) return null
  const done = (proven: boolean) => {
    setAnswer(null)
    answer.give(proven)
  }
  return <ConfirmIdentityDialog onProven={() => done(true)} onClose={() => done(false)} />
}
