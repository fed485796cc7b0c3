'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Field } from '#components/ui/field'
import { Input } from '#components/ui/input'
import { totalOf } from '#components/wipes/table-name'
import type { RowCounts, Wipe } from '#contract/nuke'
import { useReauthenticate } from '#queries/me'
import { nukePreviewQuery, useNuke } from '#queries/nuke'
import { NukePreview } from './nuke-preview.tsx'
import { NukeReceipt, useReceipt } from './nuke-receipt.tsx'

interface NukeDialogProps {
  org: string
  project: string
  slug: string
  onClose: () => void
  onUndo: (wipe: Wipe) => void
}

/** Both are asked about in the dialog, so they are no errors of it. */
const isAsked = ({ code }: { code: string }) => code === 'reauthentication_required' || code === 'wrong_password'

/** Empties the project: what goes, what stays, the slug to type; a password when the sign-in is stale; then the receipt. */
export function NukeDialog({ org, project, slug, onClose, onUndo }: NukeDialogProps) {
  const nuke = useNuke(org, project)
  const preview = useQuery({ ...nukePreviewQuery(org, project), enabled: !nuke.isSuccess })
  const [shown, setShown] = useState<RowCounts>()
  const [password, setPassword] = useState<string | null>(null)
  const reauthenticate = useReauthenticate()
  const receipt = useReceipt(org, project, nuke.data)

  const go = () => {
    setShown(preview.data?.rowCounts)
    nuke.mutate(slug, { onError: ({ code }) => code === 'reauthentication_required' && setPassword('') })
  }
  const proveAndGo = () => {
    if (password === null) return go()
    reauthenticate.mutate(password, {
      onSuccess: () => {
        setPassword(null)
        go()
      },
    })
  }

  const nothing = preview.data && totalOf(preview.data.rowCounts) === 0
  const error = [nuke.error, reauthenticate.error].find((one) => one && !isAsked(one))
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      size="lg"
      title={`Nuke ${slug}?`}
      description="Its catalog and the data of every environment go at once, for everybody."
      confirmLabel="Nuke project"
      typeToConfirm={slug}
      pending={nuke.isPending || reauthenticate.isPending}
      onConfirm={proveAndGo}
      error={error?.message}
      disabledReason={
        !preview.data
          ? 'What would go is not known yet'
          : nothing
            ? 'There is nothing to wipe'
            : password === ''
              ? 'Give your password'
              : null
      }
      proof={
        password !== null && (
          <Field
            label="Your password"
            hint="You signed in more than ten minutes ago."
            error={reauthenticate.error?.code === 'wrong_password' && 'That is not your password'}
          >
            <Input ref={focus} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
          </Field>
        )
      }
      done={
        nuke.data && {
          title: nuke.data.wipeId ? `${slug} is empty` : `There was nothing to wipe in ${slug}`,
          content: <NukeReceipt {...receipt} result={nuke.data} shown={shown} />,
          actions: receipt.wipe?.state === 'restorable' && <Undo wipe={receipt.wipe} onUndo={onUndo} />,
        }
      }
    >
      <NukePreview query={preview} />
    </ConfirmDialog>
  )
}

const focus = (input: HTMLInputElement | null) => input?.focus()

function Undo({ wipe, onUndo }: { wipe: Wipe; onUndo: (wipe: Wipe) => void }) {
  return <Button onClick={() => onUndo(wipe)}>Undo nuke…</Button>
}
