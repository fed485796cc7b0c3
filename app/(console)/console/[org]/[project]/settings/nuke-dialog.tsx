'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { reasonHint } from '#components/wipes/reason'
import { totalOf } from '#components/wipes/table-name'
import type { RowCounts, Wipe } from '#contract/nuke/nuke'
import { nukePreviewQuery, useNuke } from '#queries/nuke/nuke'
import { exportUrl } from '#queries/transfer/export'
import { useUndoNuke } from '../use-undo-nuke.ts'
import { NukePreview, WhatGoes } from './nuke-preview.tsx'
import { NukeReceipt, useReceipt } from './nuke-receipt.tsx'

interface NukeDialogProps {
  org: string
  project: string
  slug: string
  onClose: () => void
}

/** Nukes the project: shows what goes and what stays, asks for the slug, then shows the receipt. */
export function NukeDialog({ org, project, slug, onClose }: NukeDialogProps) {
  const nuke = useNuke(org, project)
  const preview = useQuery({ ...nukePreviewQuery(org, project), enabled: !nuke.isSuccess })
  const [shown, setShown] = useState<RowCounts>()
  const receipt = useReceipt(org, project, nuke.data)

  const go = (reason: string | null) => {
    setShown(preview.data?.rowCounts)
    nuke.mutate({ confirm: slug, reason })
  }

  const nothing = preview.data && totalOf(preview.data.rowCounts) === 0
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      size="lg"
      title={`Nuke ${slug}?`}
      description={preview.data && <WhatGoes preview={preview.data} />}
      confirmLabel="Nuke project"
      typeToConfirm={slug}
      reasonHint={reasonHint}
      // The rule may have come while this was open.
      reasonRequired={preview.data?.reasonRequired || nuke.error?.code === 'reason_required'}
      pending={nuke.isPending}
      onConfirm={go}
      error={nuke.error?.message}
      disabledReason={!preview.data ? 'Counting what will be removed' : nothing ? 'There is nothing to nuke' : null}
      done={
        nuke.data && {
          title: nuke.data.wipeId ? `${slug} was nuked` : `There was nothing to nuke in ${slug}`,
          content: <NukeReceipt {...receipt} result={nuke.data} shown={shown} />,
          actions: receipt.wipe?.state === 'restorable' && <Undo {...{ org, project, slug, onClose }} wipe={receipt.wipe} />,
        }
      }
    >
      <NukePreview query={preview} exportUrl={exportUrl(org, project)} />
    </ConfirmDialog>
  )
}

interface UndoProps extends NukeDialogProps {
  wipe: Wipe
}

function Undo({ wipe, onClose, ...at }: UndoProps) {
  const { undo, isPending, error } = useUndoNuke(at)
  return (
    <>
      {error && (
        <p role="alert" className="mr-auto text-pretty">
          {error.message}
        </p>
      )}
      <Button pending={isPending} onClick={() => undo(wipe, onClose)}>
        Undo nuke
      </Button>
    </>
  )
}
