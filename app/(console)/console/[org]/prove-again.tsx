'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Dialog } from '#components/ui/dialog'
import { Notice } from '#components/ui/notice'
import { factorsQuery } from '#queries/factors'
import { askWith } from '#queries/fresh-sign-in'
import { ProveByPasskey } from './prove-by-passkey.tsx'
import { ProveByPassword } from './prove-by-password.tsx'

type Answer = (proven: boolean) => void

/** Opens whenever a call needs a fresh sign-in; the call goes on where it stood. */
export function ProveAgain() {
  const [answer, setAnswer] = useState<{ give: Answer } | null>(null)
  const factors = useQuery({ ...factorsQuery(), enabled: answer !== null })
  // Calls are no part of React: they ask here from wherever they are made.
  useEffect(() => askWith(() => new Promise((give) => setAnswer({ give }))), [])
  // Until it is known what to ask for, whoever has called is still on his way: the focus then finds the first field.
  if (!answer || factors.isPending) return null
  const done = (proven: boolean) => {
    setAnswer(null)
    answer.give(proven)
  }
  const onProven = () => done(true)
  return (
    <Dialog
      open
      onOpenChange={() => done(false)}
      dismissible={false}
      size="sm"
      title="Prove that it is you"
      description="You signed in more than ten minutes ago. What you were about to do goes on right after."
    >
      {factors.data ? (
        <>
          {factors.data.passkeys.length > 0 && <ProveByPasskey onProven={onProven} />}
          <ProveByPassword factors={factors.data} onProven={onProven} onCancel={() => done(false)} />
        </>
      ) : (
        <Notice tone="warning">{factors.error?.message}</Notice>
      )}
    </Dialog>
  )
}
